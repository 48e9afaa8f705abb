"""What the heads of a contract's work claim of its hold, told head by head, for the audit to add up."""

from collections.abc import Iterator, Mapping

from marketplace.contracts.contest import lives
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.ledger.audit import ResultMoney
from marketplace.ledger.claims import Claims, Earned
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.results.hold import counts, unit_price
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.ids import prefix_of

SESSIONS, OUTCOMES = "rest of sessions", "set aside by outcomes"
WAITING, DISPUTED, PAID = "waiting results", "disputed results", "paid results"
EARNED = "what work was paid"
WITHHELD, CLAIMED = "withheld from results", "claimed by results"

Claim = tuple[str, str, int]
"""(contract, what, how many or minor units)."""


def by_session(session: Session) -> Iterator[Claim]:
    """The unpaid rest of a session, and what it was paid."""
    yield session.contract_id, SESSIONS, session.rest
    yield session.contract_id, EARNED, session.paid


def by_outcome(outcome: Outcome) -> Iterator[Claim]:
    """What an outcome withholds, and what of it was paid after all."""
    yield outcome.contract_id, OUTCOMES, outcome.set_aside
    given = outcome.contest.to_worker or 0 if outcome.contest else 0
    yield outcome.contract_id, EARNED, given
    if prefix_of(outcome.subject_id) == "res":
        yield outcome.contract_id, WITHHELD, -given


def by_result(result: Result) -> Iterator[Claim]:
    """A result that waits, is disputed, or is paid, whole or in part."""
    contract, price, disputed = result.contract_id, result.price.amount, lives(result.contest)
    yield contract, DISPUTED, int(disputed)
    yield contract, WAITING, int(result.in_review)
    yield contract, CLAIMED, price * (disputed or result.in_review)
    if result.status == ResultStatus.ACCEPTED:
        got = result.contest.to_worker if result.contest else None
        yield contract, PAID, 1
        yield contract, EARNED, price if got is None else got
        yield contract, WITHHELD, 0 if got is None else price - got


def claims_on(contract: Contract, told: Mapping[str, int]) -> Claims:
    """What the contract's reserved money is for; `told` are the claims of its work, added up."""
    disputed = (row.amount for row in contract.milestones if lives(row.contest))
    return Claims(
        contract_id=contract.id,
        reserved=contract.reserved,
        sessions=told.get(SESSIONS, 0),
        results=told.get(CLAIMED, 0),
        milestones=sum(disputed),
        outcomes=told.get(OUTCOMES, 0),
    )


def earned_on(contract: Contract, told: Mapping[str, int], posted: int | None) -> Earned:
    """What the contract's released money was for; `posted` is what workers and fees got of its hold."""
    paid = sum(paid_for(row) for row in contract.milestones)
    net = None if posted is None else posted - contract.client_fee_earned
    return Earned(contract.id, contract.released, paid + told.get(EARNED, 0), net)


def paid_for(row: Milestone) -> int:
    """What a milestone was paid, minor units gross."""
    if row.status != MilestoneStatus.APPROVED:
        return 0
    return row.amount if row.contest is None else row.contest.to_worker or 0


def results_of(contract: Contract, told: Mapping[str, int]) -> ResultMoney:
    """The contract's own counts of its results beside theirs."""
    counted = counts(contract)
    return ResultMoney(
        id=contract.id,
        unit=unit_price(contract).amount,
        quantity=contract.pay.quantity or 0,
        submitted=counted.submitted,
        accepted=counted.accepted,
        waiting=told.get(WAITING, 0),
        paid=told.get(PAID, 0),
        released=contract.released,
        contested=counted.contested or 0,
        disputed=told.get(DISPUTED, 0),
        withheld=told.get(WITHHELD, 0),
    )
