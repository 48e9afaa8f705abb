"""Payouts with everything around them in memory: queues, timers, webhooks, and crashes on request."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from chalicelib.routing import PAYOUTS, STRIPE_EVENTS, queues_for
from chalicelib.wakes import WAKES
from chalicelib.work import payouts as payouts_work
from chalicelib.work import stripe_events as stripe_events_work
from marketplace.gateways.stripe import StripeGateway
from marketplace.payouts.oversight import (
    ApprovePayout,
    CancelPayout,
    RetryPayout,
    approve_payout,
    cancel_payout,
    retry_payout,
)
from marketplace.payouts.payout import Payout, PayoutStatus, Stage
from marketplace.payouts.reversing import ReversePayout, reverse_payout
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.schedule import Interval
from marketplace.payouts.scheduling import SetPayoutSchedule, set_payout_schedule
from marketplace.payouts.use_cases import RequestPayout, request_payout
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.accounts import worker_owner
from marketplace.shared.errors import Conflict
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id, prefix_of
from marketplace.shared.money import Money
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage import codec
from marketplace.storage.places import places_of
from tests.fakes.crashing_store import KINDS, START, Crash, CrashingStore, MemoryReads, SettableClock
from tests.fakes.fake_stripe import FakeStripe

WORKER = new_id("wrk")
OWNER = worker_owner(WORKER)
EARNED = 50_000
UNHINDERED = PayoutRules(hold_seconds=0, approval_above=None, approval_window_seconds=0)
WORK: dict[str, Callable[[Event, Any], None]] = {
    PAYOUTS: payouts_work.work,
    STRIPE_EVENTS: stripe_events_work.work,
}


@dataclass
class PayoutDesk:
    """One worker with `EARNED` cents, who owes `owed` of them; `crash_at` kills the process at those touches
    of the outside, and before each of them somebody else may act: `meanwhile`."""

    crash_at: set[int] = field(default_factory=set)
    funds: int = EARNED
    touches: int = 0
    quiet: bool = False
    rules: PayoutRules = UNHINDERED
    owed: int = 0

    def __post_init__(self) -> None:
        self.clock = SettableClock()
        self.store = CrashingStore(touch=self._touch)
        self.stripe = FakeStripe(self.clock, faults=self._fault, available_now=Counter(USD=self.funds))
        self.fault: Callable[[str], str] = lambda _: "ok"
        named: dict[str, Any] = dict.fromkeys(StripeGateway.__dataclass_fields__, self.stripe)
        ports = StripeGateway(**named)
        self.runtime: Any = SimpleNamespace(
            store=self.store,
            stripe=ports,
            clock=self.clock,
            reads=MemoryReads(self.store),
            settings=SimpleNamespace(payout_rules=self.rules),
        )
        self.messages: list[tuple[str, Event]] = []
        self._seen = 0
        self.store.kept[OWNER, "USD", "available"] = EARNED
        self.store.kept[OWNER, "USD", "owed"] = self.owed
        self.cancelled: set[str] = set()
        self.meanwhile: Callable[[], object] = lambda: None
        self._between = False
        account = PayoutAccount(
            payout_account_id(WORKER),
            WORKER,
            "US",
            START,
            START,
            stripe_account="acct_1",
            payouts_enabled=True,
            verified_at=START,
        )
        self.store.heads[account.id] = (1, codec.dump(account))

    def request(self, amount: int = 10_000) -> str:
        """A payout, asked for by its worker."""
        payout_id = new_id("pay")
        command = RequestPayout(payout_id, WORKER, Money(amount, "USD"), self.rules)
        self.call(WORKER, lambda tx: request_payout(command, tx))
        return payout_id

    def approve(self, payout_id: str, person: str) -> None:
        """Somebody of finance approves it."""
        self.call(person, lambda tx: approve_payout(ApprovePayout(payout_id, f"idn_{person}"), tx))

    def cancel(self, payout_id: str, person: str = "finance:a") -> None:
        """Somebody of finance stops it for good."""
        command = CancelPayout(payout_id, f"idn_{person}")
        self.call(person, lambda tx: cancel_payout(command, tx))
        self.cancelled.add(payout_id)

    def retry(self, payout_id: str, person: str = "finance:a") -> None:
        """Somebody of finance sends it to the bank again."""
        command = RetryPayout(payout_id, f"idn_{person}")
        self.call(person, lambda tx: retry_payout(command, tx))

    def reverse(self, payout_id: str, person: str = "finance:a", amount: int | None = None) -> None:
        """Somebody of finance fetches it back from Stripe."""
        money = None if amount is None else Money(amount, "USD")
        command = ReversePayout(payout_id, f"idn_{person}", money, "the bank will not have it")
        self.call(person, lambda tx: reverse_payout(command, tx))

    def schedule(self, interval: Interval, minimum: Money | None = None) -> None:
        """The worker is paid out by themselves from now on."""
        command = SetPayoutSchedule(WORKER, interval, None, minimum)
        self.call(WORKER, lambda tx: set_payout_schedule(command, tx))

    def call(self, actor: str, work: Callable[[Transaction], object]) -> None:
        """One call with a key, repeated with it when the process was killed. Raises what refuses it."""
        cause = Cause(new_id("evt"), actor, new_id("req"), self.clock.now())
        self.safely(lambda: run(self.store, cause, work))
        self.collect()

    def perhaps(self, call: Callable[[], object]) -> bool:
        """Whether a call was not refused because of how things stand."""
        try:
            call()
        except Conflict:
            return False
        return True

    def payouts(self) -> list[Payout]:
        """All there are, the oldest first."""
        return [self.payout(name) for name in sorted(self.store.heads) if prefix_of(name) == "pay"]

    def payout(self, payout_id: str) -> Payout:
        return _decoded(self.store.heads[payout_id][1])

    def collect(self) -> None:
        """Relays new events to their queues, and takes in what Stripe has told."""
        while self.stripe.told:
            note = self.stripe.told.pop(0)
            identifier = derived_id("evt", "stripe", note["stripe_id"])
            received = EventType.STRIPE_EVENT_RECEIVED
            self.store.events[identifier] = Event(
                identifier, received, self.clock.now(), "stripe", new_id("req"), (), details=dict(note)
            )
        events = list(self.store.events.values())
        for event in events[self._seen :]:
            self.messages += [(queue, event) for queue in queues_for(event.type) if queue in WORK]
        self._seen = len(events)

    def work(self, index: int = 0) -> None:
        """One delivery; what fails comes back."""
        queue, event = self.messages.pop(index)
        try:
            WORK[queue](event, self.runtime)
        except AssertionError:
            raise
        except Exception:  # noqa: BLE001  whatever a consumer raises, its message is delivered again
            self.messages.append((queue, event))
        self.collect()

    def fire(self) -> None:
        """Every timer that is due, each in a commit of its own."""
        for identifier, (_, body) in list(self.store.heads.items()):
            head = codec.load(KINDS[prefix_of(identifier)], body)
            due_key = places_of(head, due_partitions=1).get("due_key")
            due_at = int(due_key.partition("#")[0]) if due_key else None
            if due_at is not None and due_at <= self.clock.now():
                cause = Cause(new_id("evt"), "timer", new_id("req"), due_at, repeatable=False)
                wake = WAKES[prefix_of(identifier)]
                self.safely(lambda: run(self.store, cause, lambda tx: wake(identifier, tx)))  # noqa: B023
        self.collect()

    def drain(self, limit: int = 200) -> None:
        """Works until the queues are empty."""
        self.collect()
        for _ in range(limit):
            if not self.messages:
                return
            self.work()
        raise AssertionError(f"the queues do not empty: {self.messages[:3]}")

    def advance(self, seconds: int, step: int = 600) -> None:
        """Time passes in steps, and everybody does what they do."""
        for _ in range(0, seconds, step):
            self.clock.at += step
            self.stripe.arrive()
            self.fire()
            self.drain()

    def safely(self, call: Callable[[], object]) -> None:
        """A caller who repeats the call when the process was killed under it."""
        while True:
            try:
                call()
            except Crash:
                continue
            return

    def check(self) -> None:
        """What holds whatever happens."""
        by_payout = Counter(row.payout_id for row in self.stripe.transfers)
        assert all(count == 1 for count in by_payout.values()), by_payout
        kept = {name: amount for (owner, _, name), amount in self.store.kept.items() if owner == OWNER}
        assert all(amount >= 0 for amount in kept.values()), kept
        folded: Counter[str] = Counter()
        for event in self.store.events.values():
            for posting in event.journal.postings if event.journal else ():
                folded[posting.account] += posting.credit - posting.debit
        assert sum(folded.values()) == 0
        payouts = self.payouts()
        for name in ("in_transit", "at_stripe"):
            assert folded[f"{OWNER}:{name}"] == sum(getattr(payout, name) for payout in payouts)
        out = kept.pop("withdrawn", 0)
        assert EARNED + folded[f"{OWNER}:available"] == kept["available"]
        debt = kept.pop("owed", 0)
        assert debt == self.owed - folded[f"{OWNER}:owed"]
        fees = folded["platform:fees"]
        assert kept["available"] + out + fees - debt == EARNED - self.owed
        assert out == sum(payout.left.amount for payout in payouts if not self._undone(payout))
        for payout_id in self.cancelled:
            assert payout_id not in by_payout
            assert self.payout(payout_id).status == PayoutStatus.CANCELLED
        assert -folded["platform:connected"] == folded[f"{OWNER}:at_stripe"]

    def kept(self, name: str) -> int:
        """One of the worker's figures, whoever keeps it."""
        if name == "paid":
            return sum(p.left.amount for p in self.payouts() if p.status == PayoutStatus.PAID)
        if name in ("in_transit", "at_stripe"):
            return sum(getattr(payout, name) for payout in self.payouts())
        return self.store.kept[OWNER, "USD", name]

    def _undone(self, payout: Payout) -> bool:
        refused = payout.failure is not None and payout.failure.stage == Stage.TRANSFER
        return refused or payout.status == PayoutStatus.CANCELLED

    def _fault(self, name: str) -> str:
        self._touch()
        return self.fault(name)

    def _touch(self) -> None:
        self.touches += 1
        if not self._between:
            self._between = True
            self.meanwhile()
            self._between = False
        if self.touches in self.crash_at and not self.quiet:
            raise Crash


@lru_cache(maxsize=256)
def _decoded(body: str) -> Payout:
    return codec.load(Payout, body)


def scrambled(desk: PayoutDesk, rng: random.Random) -> None:
    """One delivery of any message, perhaps of one that is delivered again later."""
    if not desk.messages:
        return
    index = rng.randrange(len(desk.messages))
    if rng.random() < 0.3:
        desk.messages.append(desk.messages[index])
    desk.work(index)
