"""What each head tells the audit: checked by itself where that can be, and spooled where it has to be brought
together with others."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.ledger import audit as laws
from marketplace.ledger.audit import Breach, ContractMoney, Rated, TaskSeats, Worked
from marketplace.ledger.audit_minutes import cap_breaches, session_breaches, stretch_breaches
from marketplace.ledger.audit_payouts import PayoutMoney, part_breaches
from marketplace.ledger.audit_states import CAME_BY, state_breaches
from marketplace.ledger.claims import claim_breaches, earned_breaches
from marketplace.ledger.totals import Sides
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout, PayoutStatus
from marketplace.reputation.rating import Rating
from marketplace.results.result import Result
from marketplace.shared.accounts import client_owner, contract_owner, hold, worker_owner
from marketplace.shared.ids import prefix_of
from marketplace.storage import audit_payees, audit_time, claimed, codec, holdings
from marketplace.storage.audit_spool import Spool
from marketplace.storage.models import HeadItem
from marketplace.storage.shelves import SHELVES
from marketplace.work.task import Task

TAKEN = "seats taken"
TOUCHED, WHOLE, LEFT = "touched", "whole", "left"
"""How the spool remembers what is held to the laws, what of it is complete (see `Heads`) and what is not."""
_KINDS: dict[str, type[Any]] = {shelf.prefix: shelf.kind for shelf in SHELVES}
_WITH_STATES = frozenset(prefix for prefix, _ in CAME_BY)


class Heads:
    """Holds heads to the laws. What the spool does not remember as TOUCHED is only brought together with what
    it does. Of what it remembers as WHOLE everything is there: what claims a contract's hold, a worker's
    payouts, a client's contracts, what was billed between a pair, what was paid to others by the owner of a
    hold. A look at everything says so by `everything`, and remembers neither."""

    FIRST = ("res", "out", "ses", "rat", "pay", "con", "bil", "task")
    """Contracts need what claims their hold first, tasks and pairs their contracts."""

    def __init__(self, spool: Spool, checked: Counter[int], *, everything: bool) -> None:
        self._spool = spool
        self._checked = checked
        self._everything = everything
        self._tells: dict[str, Callable[[Any], Iterable[Breach]]] = {
            "res": self._result,
            "out": self._outcome,
            "ses": self._session,
            "rat": self._rating,
            "pay": self._payout,
            "con": self._contract,
            "bil": self._billing,
            "task": self._task,
        }

    def breaches(self, item: HeadItem) -> Iterator[Breach]:
        """What one head shows to be wrong."""
        prefix = prefix_of(item.id)
        tell = self._tells.get(prefix)
        if tell is None and prefix not in _WITH_STATES:
            return
        head = codec.aggregate_of(_KINDS[prefix], item)
        yield from tell(head) if tell else ()
        if prefix in _WITH_STATES and self.is_touched(item.id):
            yield from self._states(head)

    def is_touched(self, identifier: str) -> bool:
        """Whether it is to be held to the laws."""
        return self._everything or self._spool.is_named(TOUCHED, identifier)

    def is_whole(self, identifier: str) -> bool:
        """Whether all that belongs to it was looked at."""
        return self._everything or self._spool.is_named(WHOLE, identifier)

    def _states(self, head: Any) -> Iterator[Breach]:
        for one in (head, *(head.milestones if isinstance(head, Contract) else ())):
            self._checked[4] += 1
            counted = self._spool.counts_of(one.id)
            yield from state_breaches(one.id, prefix_of(one.id), one.status, counted)

    def _result(self, result: Result) -> Iterable[Breach]:
        self._count(claimed.by_result(result))
        return ()

    def _outcome(self, outcome: Outcome) -> Iterable[Breach]:
        self._count(claimed.by_outcome(outcome))
        return ()

    def _count(self, claims: Iterable[claimed.Claim]) -> None:
        for contract, what, amount in claims:
            self._spool.count(contract, what, amount)

    def _session(self, session: Session) -> Iterable[Breach]:
        self._checked[7] += 1
        self._count(claimed.by_session(session))
        self._spool.keep_worked(Worked(session.id, session.worker_id, session.started_at, session.ended_at))
        if session.ended_at is None:
            return ()
        self._spool.keep_billed(audit_time.billed_by(session))
        return session_breaches(audit_time.ended_session(session, session.ended_at))

    def _rating(self, rating: Rating) -> Iterable[Breach]:
        self._checked[8] += 1
        row = (rating.id, rating.contract_id, rating.side, rating.revealed, rating.reveals_at)
        self._spool.keep_rated(Rated(*row))
        return ()

    def _payout(self, payout: Payout) -> Iterable[Breach]:
        money = payout_money(payout)
        self._checked[2] += 1
        for name, amount in money.figures.items():
            self._spool.count(worker_owner(money.worker_id), name, amount)
        return part_breaches(money)

    def _contract(self, contract: Contract) -> Iterator[Breach]:
        declined = contract.status == ContractStatus.CANCELLED and contract.accepted_at is None
        client = client_owner(contract.client_id)
        if self._everything:
            self._spool.count(contract.task_id, TAKEN, int(not declined))
        self._spool.count(client, f"{contract.currency} {holdings.HELD}", contract.held)
        self._spool.count(client, f"{contract.currency} {holdings.FEES_HELD}", contract.client_fee_held)
        if contract.worker_fee.tiers and self.is_whole(billing_id(contract)):
            audit_payees.count_billed(self._spool, contract)
        if self.is_touched(contract.id):
            self._checked[3] += 1
            yield from laws.contract_breaches(self._money(contract))
            yield from audit_payees.contract_breaches(self._spool, contract)
            if self.is_whole(contract.id):
                yield from self._work_on(contract)

    def _work_on(self, contract: Contract) -> Iterator[Breach]:
        """All of a contract's work is spooled."""
        told, owner = self._spool.counts_of(contract.id), contract_owner(contract.id)
        posted = self._spool.counts_of(owner).get(audit_payees.PAID_OUT, 0) if self.is_whole(owner) else None
        yield from claim_breaches(claimed.claims_on(contract, told))
        yield from earned_breaches(claimed.earned_on(contract, told, posted))
        if contract.results is not None:
            yield from laws.result_breaches(claimed.results_of(contract, told))
        if contract.pay.rate is not None:
            self._checked[7] += 1
            billed = self._spool.billed
            caps = cap_breaches(audit_time.caps_on(contract), billed(contract.id))
            yield from chain(stretch_breaches(billed(contract.id)), caps)

    def _billing(self, billing: Billing) -> Iterable[Breach]:
        return audit_payees.billing_breaches(self._spool, billing) if self.is_whole(billing.id) else ()

    def _task(self, task: Task) -> Iterable[Breach]:
        if not self.is_touched(task.id):
            return ()
        self._checked[4] += 1
        taken = self._spool.counts_of(task.id).get(TAKEN, 0)
        return laws.seat_breaches(TaskSeats(task.id, task.seats, task.seats_left, taken))

    def _money(self, contract: Contract) -> ContractMoney:
        owner = contract_owner(contract.id)
        sides = self._spool.of_owner(owner).of_account(hold(contract.id)).get(contract.currency, Sides())
        return ContractMoney(
            id=contract.id,
            funded=contract.funded,
            held=contract.held,
            released=contract.released,
            returned=contract.returned,
            reserved=contract.reserved,
            hold=sides,
            reversed=contract.reversed,
            charged_back=contract.chargebacks.charged_back,
            restored=contract.chargebacks.restored,
        )


def payout_money(payout: Payout) -> PayoutMoney:
    """Where a payout's money is."""
    paid = payout.left.amount if payout.status == PayoutStatus.PAID else 0
    worker, currency = payout.worker_id, payout.amount.currency
    return PayoutMoney(payout.id, worker, currency, payout.in_transit, payout.at_stripe, paid)
