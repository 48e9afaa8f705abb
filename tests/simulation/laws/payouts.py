"""What keeps a payout from being sent: the first days of an account, and people who have still to approve."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marketplace.payouts.payout import Payout
from marketplace.payouts.rules import PayoutRules
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.events import Event
from tests.simulation.laws import pay

PEOPLE = 2


@dataclass
class PayoutLaws:
    """`verified` is since when a worker's account is, `until` and `watched` which payouts have to wait until
    when, and for people; `approved` who has, `swept` what schedules have paid out at their instants, `due`
    what was there then, `moved` what a request did to which account; `owned` is where payouts have workers'
    money, `asked` what each has withdrawn when, `fees` what instant payouts have brought us."""

    rules: PayoutRules = field(default_factory=PayoutRules)
    verified: dict[str, int] = field(default_factory=dict)
    until: dict[str, int] = field(default_factory=dict)
    watched: set[str] = field(default_factory=set)
    approved: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    swept: Counter[tuple[str, ...]] = field(default_factory=Counter)
    due: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)
    moved: dict[str, dict[str, int]] = field(default_factory=dict)
    owned: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: dict[tuple[str, str], list[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    fees: Counter[str] = field(default_factory=Counter)

    def copy(self) -> "PayoutLaws":
        """The same payouts."""
        return PayoutLaws(
            self.rules,
            dict(self.verified),
            dict(self.until),
            set(self.watched),
            defaultdict(set, {payout: set(people) for payout, people in self.approved.items()}),
            Counter(self.swept),
            dict(self.due),
            dict(self.moved),
            Counter(self.owned),
            defaultdict(list, {place: list(rows) for place, rows in self.asked.items()}),
            Counter(self.fees),
        )

    def seen(self, event: Event, pairs: Sequence[tuple[Any, Any]]) -> None:
        """Laws 4 and 5, after a commit."""
        for new, old in pairs:
            if type(new) is PayoutAccount and new.payouts_enabled:
                self.verified.setdefault(new.worker_id, event.at)
            elif type(new) is Payout and old is None:
                self._asked(new, event)
            elif type(new) is Payout:
                self._changed(new, old, event)
        if event.type == "payout_schedule.due":
            self._once(event, "due", event.about[0], str(event.at))
            self.due[event.about[1], event.at] = event.details["amounts"]
        elif event.type == "payout_schedule.passed":
            self._once(event, "paid", event.about[1], event.details["currency"], str(event.at))

    def lacks_people(self, payout_id: str) -> bool:
        """Whether somebody has still to approve."""
        return payout_id in self.watched and len(self.approved[payout_id]) < PEOPLE

    def _asked(self, new: Payout, event: Event) -> None:
        if new.clearance.approvals_needed:
            self.watched.add(new.id)
        self._in_parts(new)
        self.moved[new.id] = pay.sides(event)
        self.until[new.id] = self.verified[new.worker_id] + self.rules.hold_seconds
        if event.actor == "payout_schedule":
            self._once(event, "paid", new.worker_id, new.amount.currency, str(event.at))
            there, took = self.due[new.worker_id, event.at], new.amount.amount + new.recovered
            told = f"law 5: {new.id} takes {took} of {there} that were there when it was due"
            assert took <= there[new.amount.currency], told

    def owned_as_posted(
        self, event: Event, pairs: Sequence[tuple[Any, Any]], folded: Mapping[tuple[str, str], int]
    ) -> None:
        """Law 2: what payouts own is what was posted, after every commit."""
        rows = [(new, old) for new, old in pairs if type(new) is Payout]
        places = set()
        for new, old in rows:
            for name in ("in_transit", "at_stripe"):
                place = (new.amount.currency, f"worker:{new.worker_id}:{name}")
                assert getattr(new, name) >= 0, f"law 2: {new.id} has {getattr(new, name)} {name}"
                self.owned[place] += getattr(new, name) - (getattr(old, name) if old else 0)
                places.add(place)
        for place in sorted(places):
            told = f"law 2: {event.id}: payouts own {self.owned[place]} of {place}, posted is {folded[place]}"
            assert self.owned[place] == folded[place], told
        if event.type == "payout.reversed" and rows:
            worker, currency = f"worker:{rows[0][0].worker_id}", rows[0][0].amount.currency
            given = pay.sides(event).get(f"{worker}:available", 0)
            owing = -folded[currency, f"{worker}:owed"]
            assert not given or not owing, f"law 2: {event.id} gives {given} to one who owes {owing}"
        for new, _ in rows[:1]:
            self.fees[new.id] += pay.sides(event).get("platform:fees", 0)
            due = new.instant.fee if new.instant and new.goes_instantly and not _is_undone(new) else 0
            assert self.fees[new.id] == due, (
                f"law 3: {new.id} brought a fee of {self.fees[new.id]}, not {due}"
            )

    def _in_parts(self, new: Payout) -> None:
        """Law 4: what goes out within the window counts together; a slot of it more may, and what a late
        clock asks for counts with what was asked before it, as if it were asked then: it goes out no
        earlier."""
        rules, place = self.rules, (new.worker_id, new.amount.currency)
        if rules.approval_above is None:
            return
        asked = self.asked[place]
        latest = max([new.requested_at, *(counted for _, counted, _ in asked)])
        asked.append((new.requested_at, latest, new.amount.amount))
        window, slot = rules.approval_window_seconds, rules.approval_window_seconds // 7
        within = sum(amount for at, _, amount in asked if at > latest - window)
        since = new.requested_at - window - slot - 1
        at_most = sum(amount for _, counted, amount in asked if counted > since)
        told = f"law 4: {new.id} makes {within} of {at_most} withdrawn, watched: {new.id in self.watched}"
        assert within <= rules.approval_above or new.id in self.watched, told
        assert max(at_most, new.amount.amount) > rules.approval_above or new.id not in self.watched, told

    def _changed(self, new: Payout, old: Payout, event: Event) -> None:
        if event.type == "payout.approved":
            people = self.approved[new.id]
            assert event.actor not in people, f"law 4: {event.actor} approves {new.id} twice"
            people.add(event.actor)
        elif event.call in ("retry_payout", "reverse_payout"):
            self.approved[new.id] = {event.actor}
        for leg, before in ((new.transfer, old.transfer), (new.bank, old.bank)):
            if leg.stripe_id not in (None, before.stripe_id):
                told = f"law 4: {new.id} was sent, approved by {sorted(self.approved[new.id])}"
                assert not self.lacks_people(new.id), told
        fetched = event.type == "payout.reversed" and old.reversal is not None and new.reversal is None
        assert not (fetched and self.lacks_people(new.id)), f"law 4: {new.id} was fetched back unapproved"
        if new.status == "cancelled" or (new.failure and new.failure.stage == "transfer"):
            undone = {account: -amount for account, amount in self.moved[new.id].items()}
            assert pay.sides(event) == undone, f"law 2: {new.id} is {new.status}, and not undone as a whole"
        if new.status == "cancelled":
            sent = (new.transfer.stripe_id, new.bank.stripe_id)
            assert sent == (None, None), f"law 5: {new.id} is cancelled, and was sent"

    def _once(self, event: Event, *name: str) -> None:
        self.swept[name] += 1
        assert self.swept[name] == 1, f"law 5: {event.id}: {name} happened twice"


def _is_undone(payout: Payout) -> bool:
    refused = payout.failure is not None and payout.failure.stage == "transfer"
    return refused or payout.status == "cancelled"
