"""Laws of a dispute, for whatever both sides, an operator and the clock come up with."""

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.wakes import WAKES
from marketplace.contracts.access import Side
from marketplace.disputes import use_cases
from marketplace.disputes.dispute import ANSWER_SECONDS, Dispute
from marketplace.disputes.use_cases import DecideDispute, MakeOffer, OpenDispute, OwnDispute
from marketplace.metering.session import Session
from marketplace.shared.accounts import FEES, available
from marketplace.shared.errors import Conflict, InvalidRequest
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from tests.shifts import WALLET, Shift

STEPS = st.sampled_from(
    ["open", "offer", "accept", "escalate", "withdraw", "decide", "approve", "wait", "answer time", "end"]
)
MOVES = st.lists(st.tuples(STEPS, st.booleans(), st.integers(0, 120)), max_size=25)


class Quarrel:
    """A stopped session of 93 cents, of which the client accepts some or none, and whoever says what of
    it."""

    def __init__(self, accepted: int | None) -> None:
        self.shift = Shift(rate="55", funds=500)
        self.session = self.shift.worked(101)
        if accepted is not None:
            self.shift.dispute(self.session, accepted)

    def move(self, step: str, *, by_client: bool, amount: int) -> None:
        """One step; what the state does not allow is refused and changes nothing."""
        shift, side = self.shift, self._side(by_client=by_client)
        if step in ("wait", "answer time"):
            shift.now += ANSWER_SECONDS if step == "answer time" else amount * 3_600
            self._fire()
        elif step == "approve":
            shift.approve(self.session)
        elif step == "end":
            shift.end("complete")
        elif step == "open":
            money = Money(max(1, amount), "USD")
            claim = OpenDispute(shift.contract_id, side, self.session.id, "no", money, new_id("dis"))
            shift.commit(lambda tx: use_cases.open_dispute(claim, tx))
        elif self.disputes:
            self._about(self.disputes[-1].id, step, side, Money(amount, "USD"))

    def _about(self, identifier: str, step: str, side: Side, amount: Money) -> None:
        own = OwnDispute(identifier, side)
        work: dict[str, Any] = {
            "offer": lambda tx: use_cases.make_offer(MakeOffer(identifier, side, amount), tx),
            "accept": lambda tx: use_cases.accept_offer(own, tx),
            "escalate": lambda tx: use_cases.escalate_dispute(own, tx),
            "withdraw": lambda tx: use_cases.withdraw_dispute(own, tx),
            "decide": lambda tx: use_cases.decide_dispute(
                DecideDispute(identifier, "operator:ann", "idn_ann", amount, "so"), tx
            ),
        }
        self.shift.commit(work[step])

    def _fire(self) -> None:
        self.shift.fire()
        for dispute in self.disputes:
            due_at = dispute.clock_at
            if due_at is not None and due_at <= self.shift.now:
                self.shift.commit(lambda tx, woken=dispute.id: WAKES["dis"](woken, tx), at=due_at)  # type: ignore[misc]

    def _side(self, *, by_client: bool) -> Side:
        shift = self.shift
        return Side(client_id=shift.client_id) if by_client else Side(worker_id=shift.worker_id)

    @property
    def disputes(self) -> list[Dispute]:
        names = [name for name in self.shift.store.heads if name.startswith("dis_")]
        return [found[0] for name in names if (found := self.shift.store.read(Dispute, name))]

    @property
    def now(self) -> Session:
        return self.shift.session(self.session.id)

    def hold_the_laws(self) -> None:
        """All of it is in one place, and what is disputed stays set aside until it is divided."""
        contract, session = self.shift.contract, self.now
        wallet = self.shift.store.kept[f"client:{contract.client_id}", "USD", "wallet"]
        assert wallet == WALLET - contract.funded + contract.returned
        assert contract.funded == contract.held + contract.released + contract.returned
        assert contract.reserved == session.rest
        live = [dispute for dispute in self.disputes if dispute.is_live]
        assert len(live) <= 1
        for dispute in live:
            assert dispute.amount.amount == session.rest
            assert session.due_at is None
        ended = [
            one.ending.to_worker for one in self.disputes if one.ending and one.ending.to_worker is not None
        ]
        assert len(ended) <= 1
        journals = [event.journal for event in self.shift.events if event.journal]
        paid = dict.fromkeys((FEES, available(contract.worker_id)), 0)
        for posting in (row for journal in journals for row in journal.postings if row.account in paid):
            paid[posting.account] += posting.credit
        fee, net = paid.values()
        assert fee + net == contract.released == session.paid
        assert fee == contract.worker_fee.between(0, session.paid)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([None, 0, 30]), MOVES)
def test_disputed_minutes_are_divided_once_and_to_the_cent(
    accepted: int | None, moves: list[tuple[str, bool, int]]
) -> None:
    quarrel = Quarrel(accepted)
    for step, by_client, amount in moves:
        with suppress(Conflict, InvalidRequest):
            quarrel.move(step, by_client=by_client, amount=amount)
        quarrel.hold_the_laws()
