"""What the heads of a contract's work claim of its hold, added up for the audit."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from marketplace.contracts.contest import lives
from marketplace.contracts.contract import Contract
from marketplace.ledger.audit import ResultMoney
from marketplace.ledger.claims import Claims
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.results.hold import counts, unit_price
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.ids import prefix_of


@dataclass
class _Pieces:
    """The results of one contract, counted; money in minor units."""

    waiting: int = 0
    disputed: int = 0
    paid: int = 0
    withheld: int = 0
    claimed: int = 0


@dataclass
class Claimed:
    """By contract."""

    sessions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    pieces: dict[str, _Pieces] = field(default_factory=lambda: defaultdict(_Pieces))

    @classmethod
    def of(
        cls, sessions: Iterable[Session], results: Iterable[Result], outcomes: Iterable[Outcome]
    ) -> "Claimed":
        """Added up."""
        claimed = cls()
        for session in sessions:
            claimed.sessions[session.contract_id] += session.rest
        for outcome in outcomes:
            claimed.outcomes[outcome.contract_id] += outcome.set_aside
            if prefix_of(outcome.subject_id) == "res" and outcome.contest is not None:
                claimed.pieces[outcome.contract_id].withheld -= outcome.contest.to_worker or 0
        for result in results:
            claimed._count(result)
        return claimed

    def claims_on(self, contract: Contract) -> Claims:
        """What the contract's reserved money is for."""
        disputed = (row.amount for row in contract.milestones if lives(row.contest))
        return Claims(
            contract_id=contract.id,
            reserved=contract.reserved,
            sessions=self.sessions[contract.id],
            results=self.pieces[contract.id].claimed,
            milestones=sum(disputed),
            outcomes=self.outcomes[contract.id],
        )

    def results_of(self, contract: Contract) -> ResultMoney:
        """The contract's own counts of its results beside theirs."""
        counted, found = counts(contract), self.pieces[contract.id]
        return ResultMoney(
            id=contract.id,
            unit=unit_price(contract).amount,
            quantity=contract.pay.quantity or 0,
            submitted=counted.submitted,
            accepted=counted.accepted,
            waiting=found.waiting,
            paid=found.paid,
            released=contract.released,
            contested=counted.contested or 0,
            disputed=found.disputed,
            withheld=found.withheld,
        )

    def _count(self, result: Result) -> None:
        found, price = self.pieces[result.contract_id], result.price.amount
        disputed = lives(result.contest)
        found.disputed += disputed
        found.waiting += result.in_review
        found.claimed += price * (disputed or result.in_review)
        if result.status == ResultStatus.ACCEPTED:
            found.paid += 1
            got = result.contest.to_worker if result.contest else None
            found.withheld += 0 if got is None else price - got
