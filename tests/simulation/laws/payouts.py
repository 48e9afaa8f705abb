"""What keeps a payout from being sent: the first days of an account, and people who have still to approve."""

from collections import Counter, defaultdict
from collections.abc import Sequence
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
    when, and for people; `approved` who has, `swept` what schedules have paid out at their
    instants, `moved` what a request did to which account."""

    rules: PayoutRules = field(default_factory=PayoutRules)
    verified: dict[str, int] = field(default_factory=dict)
    until: dict[str, int] = field(default_factory=dict)
    watched: set[str] = field(default_factory=set)
    approved: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    swept: Counter[tuple[str, ...]] = field(default_factory=Counter)
    moved: dict[str, dict[str, int]] = field(default_factory=dict)

    def copy(self) -> "PayoutLaws":
        """The same payouts."""
        return PayoutLaws(
            self.rules,
            dict(self.verified),
            dict(self.until),
            set(self.watched),
            defaultdict(set, {payout: set(people) for payout, people in self.approved.items()}),
            Counter(self.swept),
            dict(self.moved),
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

    def lacks_people(self, payout_id: str) -> bool:
        """Whether somebody has still to approve."""
        return payout_id in self.watched and len(self.approved[payout_id]) < PEOPLE

    def _asked(self, new: Payout, event: Event) -> None:
        above = self.rules.approval_above
        if above is not None and new.amount.amount > above:
            self.watched.add(new.id)
        self.moved[new.id] = pay.sides(event)
        self.until[new.id] = self.verified[new.worker_id] + self.rules.hold_seconds
        if event.actor == "payout_schedule":
            self._once(event, "paid", new.worker_id, new.amount.currency, str(event.at))

    def _changed(self, new: Payout, old: Payout, event: Event) -> None:
        if event.type == "payout.approved":
            people = self.approved[new.id]
            assert event.actor not in people, f"law 4: {event.actor} approves {new.id} twice"
            people.add(event.actor)
        elif event.call == "retry_payout":
            self.approved[new.id] = {event.actor}
        for leg, before in ((new.transfer, old.transfer), (new.bank, old.bank)):
            if leg.stripe_id not in (None, before.stripe_id):
                told = f"law 4: {new.id} was sent, approved by {sorted(self.approved[new.id])}"
                assert not self.lacks_people(new.id), told
        if new.status == "cancelled" or (new.failure and new.failure.stage == "transfer"):
            undone = {account: -amount for account, amount in self.moved[new.id].items()}
            assert pay.sides(event) == undone, f"law 2: {new.id} is {new.status}, and not undone as a whole"
        if new.status == "cancelled":
            sent = (new.transfer.stripe_id, new.bank.stripe_id)
            assert sent == (None, None), f"law 5: {new.id} is cancelled, and was sent"

    def _once(self, event: Event, *name: str) -> None:
        self.swept[name] += 1
        assert self.swept[name] == 1, f"law 5: {event.id}: {name} happened twice"
