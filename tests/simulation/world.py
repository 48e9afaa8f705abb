"""Everything around the product, and the product in it: what one step of a simulation can do."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from random import Random
from types import SimpleNamespace
from typing import Any, Self

from chalicelib import schedules
from chalicelib.work import comparing_days, own_payouts, receivables, reconciling, returns
from chalicelib.work.returns import DisputesLeft
from marketplace.gateways.stripe import StripeGateway
from marketplace.settings import Settings
from marketplace.shared import ids, running
from marketplace.storage import period_findings, written_journals
from tests.simulation import calls
from tests.simulation.calls import Answered, Ask
from tests.simulation.faults import Killed, Outside
from tests.simulation.laws.commits import CommitLaws
from tests.simulation.laws.periods import totals_before
from tests.simulation.promises import Promises, hold
from tests.simulation.queues import POISON, TROUBLE, Message, Queues
from tests.simulation.quiet import Quiet
from tests.simulation.receivers import SimFiles, SimReceiver
from tests.simulation.screening_desk import SimDesk
from tests.simulation.store import SimReads, SimStore
from tests.simulation.stripe_model import StripeModel
from tests.simulation.stripe_notes import Note
from tests.simulation.written import first_day, ledger_lines, walk, written_ms

GARBAGE = 200_000
"""Allocations between two looks for cycles, where one world follows another."""

START = 1_793_480_000
"""Hours before clocks change in America (2026-11-01): instants are what counts."""

FUNCTION_SECONDS = 20
"""How long a call may stand still in its middle: no function outlives a minute."""

NIGHTS_MAX = 3

SETTINGS = Settings(
    stage="test",
    heads_table="heads",
    balances_table="balances",
    events_table="events",
    trail_table="trail",
    identity_issuer="https://identity.example",
    identity_jwks_url="https://identity.example/keys",
    cursor_secret="simulation",
    payout_hold_seconds=0,
    payout_approval_above=None,
)
"""Nobody's payouts wait, unless a story says so."""


@dataclass
class SimClock:
    """The product's clock; `skew` is how far the machine is off that runs the present step."""

    at: int = START
    skew: int = 0

    def now(self) -> int:
        """Epoch seconds."""
        return self.at + self.skew


def _numbered() -> str:
    """Stands in for the ULID: the next number of the world that runs."""
    world = World.running
    world.numbered += 1
    return f"{world.numbered:026d}"


class World:
    """`say` takes the lines of the trace."""

    running: "World"
    level = 1
    further_laws: tuple[Callable[[Any], Iterator[str]], ...] = ()

    def __init__(self, chance: Random | None = None, *, encoded: bool = False) -> None:
        self.chance = chance or Random(0)
        self.outside = Outside(self.chance)
        self.clock = SimClock()
        self.store = self._tables(self.outside, self.clock, encoded=encoded)
        self.stripe = StripeModel(self.outside, self.clock)
        self.queues = self._queues()
        self.receiver, self.files = SimReceiver(self.outside), SimFiles(self.outside)
        self.desk = SimDesk(self.outside)
        self.laws = CommitLaws(self.clock)
        self.promises = Promises()
        self.unanswered: list[Ask] = []
        self.recent: list[Ask] = []
        self.focus = "everything"
        self.numbered = 0
        self.given = 0
        self.say: Callable[[str], None] | None = None
        self.rendered = encoded
        self.settings = SETTINGS
        self._wire()

    def rule(self, **rules: int | None) -> None:
        """From now on payouts go by these settings."""
        self.settings = SETTINGS.model_copy(update=rules)
        self._wire()

    # what the second level has another of

    def _tables(self, outside: Outside, clock: SimClock, *, encoded: bool) -> Any:
        return SimStore(outside, clock, encoded=encoded)

    def _queues(self) -> Queues:
        return Queues()

    def _copied(self, outside: Outside, clock: SimClock) -> Any:
        return self.store.copy(outside, clock)

    def _reads(self) -> Any:
        return SimReads(self.store)

    def vary(self) -> None:
        """What differs from story to story, beside the weather."""

    def connected(self) -> AbstractContextManager[None]:
        """What the product needs to meet this world."""
        return nullcontext()

    def places(self) -> tuple[tuple[Any, str, Any], ...]:
        """What of the product is another while this world runs: (owner, name, value)."""
        return ()

    def _wire(self) -> None:
        """What the product sees."""
        self.store.seen = self.laws.seen
        self.laws.payouts.rules = self.settings.payout_rules
        ports = StripeGateway(**dict.fromkeys(StripeGateway.__dataclass_fields__, self.stripe))
        self.runtime: Any = SimpleNamespace(
            settings=self.settings,
            clock=self.clock,
            store=self.store,
            reads=self._reads(),
            stripe=ports,
            webhooks=self.receiver,
            objects=self.files,
            screenings=self.desk,
            new_id=ids.new_id,
            worker_ids={},
            worker_salts={},
            task_clients={},
        )

    def copy(self, chance: Random) -> Self:
        """The same world from here on, with its own chances."""
        twin = type(self)(chance, encoded=self.store.encoded)
        twin.settings = self.settings
        twin.rendered = self.rendered
        twin.clock.at = self.clock.at
        twin.store = self._copied(twin.outside, twin.clock)
        twin.stripe = self.stripe.copy(twin.outside, twin.clock)
        twin.queues = self.queues.copy()
        twin.receiver, twin.files = self.receiver.copy(twin.outside), self.files.copy(twin.outside)
        twin.desk = self.desk.copy(twin.outside)
        twin.laws = self.laws.copy(twin.clock)
        twin.promises = {name: replace(promise) for name, promise in self.promises.items()}
        twin.numbered, twin.given = self.numbered, self.given
        twin._wire()
        return twin

    # what one step does

    def call(self, ask: Ask) -> Answered:
        """One call of an endpoint; what was promised under its key is held."""
        answer = calls.asked(ask, self.runtime, rendered=self.rendered)
        if ask.key:
            hold(self.promises, ask, answer, self.store.events)
        if ask.stranger:
            assert not answer.text, f"law 0: {ask.by} did {ask.operation} on {ask.path}, which is not theirs"
        if self.say:
            told = answer.text or answer.silence or f"refused: {type(answer.refusal).__name__}"
            self.say(f"call {ask.operation} {ask.path} {ask.body} by {ask.by} key {ask.key!r} -> {told}")
        return answer

    def deliver(self, index: int, size: int = 1) -> None:
        """A batch of messages to its consumer."""
        done = self.queues.deliver(index, size, self.store, self.runtime)
        if self.say:
            self.say(f"deliver {'; '.join(done)}")

    def fire(self, due_at: int, identifier: str) -> None:
        """One timer, perhaps one that has been fired before."""
        told = "ok"
        try:
            schedules.wake(self.runtime, identifier, due_at)
        except (*TROUBLE, Killed) as failed:  # it stays due, and is fired again
            told = type(failed).__name__
        if self.say:
            self.say(f"fire {identifier} due {due_at} -> {told}")

    def hear(self, note: Note) -> bool:
        """A webhook comes in; whether it was taken."""
        told = "ok"
        try:
            calls.received(note, self.runtime)
        except (*TROUBLE, Killed) as failed:  # Stripe sends it again
            told = type(failed).__name__
        if self.say:
            self.say(f"webhook {note['stripe_type']} {note['object_id']} -> {told}")
        return told == "ok"

    def relay(self, count: int) -> None:
        """The stream's oldest events go to the queues."""
        self.queues.relay(self.store, count)
        if self.say:
            self.say(f"relay {count}")

    def wait(self, seconds: int) -> None:
        """Time passes; while a step waits for another one, only as much as a function lives."""
        self.clock.at += min(seconds, FUNCTION_SECONDS) if self.outside.depth else seconds
        self.stripe.pass_time()

    def nightly(self) -> None:
        """Looks for disputes and payouts of ours that nobody told of, night after night until one look
        succeeds."""
        for _ in range(NIGHTS_MAX):
            with suppress(*TROUBLE, DisputesLeft, Killed):
                returns.find_disputes(self.runtime)
                own_payouts.find_own_payouts(self.runtime)
                return

    def compare_days(self) -> None:
        """Starts what is to be compared; what is not started is by the next hour's look."""
        with suppress(*TROUBLE, Killed):
            comparing_days.compare_days(self.runtime)

    def poison(self) -> None:
        """A message that nobody can work on."""
        self.queues.waiting.append(Message("stripe_events", POISON))

    def head(self, identifier: str) -> Any:
        """The aggregate, as it stands."""
        return self.store.heads[identifier][1]

    def heads(self, prefix: str) -> list[Any]:
        """All of a kind, the oldest first."""
        heads = self.store.heads
        return [heads[identifier][1] for identifier in self.store.of_kind.get(prefix, ())]


@contextmanager
def at_work(world: World) -> Iterator[None]:
    """Ids are numbered, nobody waits, and the ledger's lines come from this world's events."""
    patient = tuple(_no_pause if one is time.sleep else one for one in running.run.__defaults__ or ())
    places: tuple[tuple[Any, str, Any], ...] = (
        (World, "running", world),
        (ids, "ULID", _numbered),
        (receivables, "CONTRACTS_PER_MESSAGE", 1),
        (reconciling, "ledger_lines", lambda window: ledger_lines(World.running, window)),
        (reconciling, "real_ms", lambda: written_ms(World.running)),
        (written_journals, "real_ms", lambda: written_ms(World.running)),
        (written_journals, "walk", lambda since, **_: walk(World.running, since)),
        (written_journals, "first_day", lambda since: first_day(World.running, since)),
        (period_findings, "totals_before", lambda at: totals_before(World.running.store.events.values(), at)),
        (running.run, "__defaults__", patient),
        (returns, "logger", Quiet()),
        *world.places(),
    )
    kept = [(owner, name, getattr(owner, name, None)) for owner, name, _ in places]
    for owner, name, value in places:
        setattr(owner, name, value)
    try:
        with world.connected():
            yield
    finally:
        for owner, name, value in kept:
            setattr(owner, name, value)


@contextmanager
def one_after_the_other() -> Iterator[None]:
    """Many worlds: each is thrown away whole, with little that only a look for cycles finds, and those looks
    are a tenth of a story's time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(GARBAGE, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _no_pause(_: float) -> None:
    """Nobody waits between two tries."""
