"""Work paid by the piece: what waits is covered, what is accepted paid once, what is reversed undone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.outcomes.outcome import Outcome
from marketplace.results.result import Result
from marketplace.shared.events import Event
from tests.simulation.laws import fees, pay
from tests.simulation.laws.clocks import contested

PAID_BY_THE_PIECE = frozenset({Contract, Result, Outcome})
"""What the laws here are about."""

REVERSAL_SECONDS = 30 * 86_400


@dataclass
class ResultLaws:
    """`states` of the results of each contract, and how many of them were ever `reversed`; `short` is what
    accepted ones got less than their price."""

    states: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    short: Counter[str] = field(default_factory=Counter)
    reversed: Counter[str] = field(default_factory=Counter)

    def copy(self) -> "ResultLaws":
        """The same results."""
        states = {con: dict(rows) for con, rows in self.states.items()}
        return ResultLaws(defaultdict(dict, states), Counter(self.short), Counter(self.reversed))

    def seen(
        self,
        event: Event,
        pairs: Sequence[tuple[Any, Any]],
        contracts: Mapping[str, Contract],
        kept: Mapping[tuple[str, str], int],
    ) -> None:
        """Laws 3 to 5, after a commit; `kept` are the balances."""
        touched = {new.id for new, _ in pairs if type(new) is Contract and new.pay.unit is not None}
        for new, old in pairs:
            if type(new) is Result:
                self.states[new.contract_id][new.id] = "contested" if contested(new) else str(new.status)
                self._count_short(new, old)
                touched.add(new.contract_id)
                _answered(new, old, event)
                if new.status == "reversed":
                    self.reversed[new.contract_id] += 1
                    owing = _undone(new, event, contracts[new.contract_id], pairs)
                    left = {
                        worker: kept[new.price.currency, f"worker:{worker}:available"] for worker in owing
                    }
                    assert not any(left.values()), (
                        f"law 3: {new.id} leaves a debt of {owing}, while {left} is there"
                    )
            elif type(new) is Outcome and new.subject_id.startswith("res_") and new.status == "divided":
                self.short[new.contract_id] -= (new.contest.to_worker or 0) if new.contest else 0
        for identifier in touched:
            self._covered(contracts[identifier])

    def _count_short(self, new: Result, old: Result | None) -> None:
        """A dispute or an outcome may pay less than the price."""
        taken = new.status == "accepted" and (old is None or old.status != "accepted")
        if taken and new.contest is not None:
            self.short[new.contract_id] += new.price.amount - (new.contest.to_worker or 0)
        if old is not None and old.status in ("rejected", "reversed") and old.status != new.status:
            appealed = new.contest is not None and new.contest.by.startswith("apl_")
            assert contested(old) or appealed, f"law 4: {new.id} was {old.status}, and is {new.status}"

    def _covered(self, contract: Contract) -> None:
        counted = Counter(self.states[contract.id].values())
        unit = contract.pay.unit.amount if contract.pay.unit else 0
        waiting, paid = counted["submitted"] + counted["contested"], counted["accepted"]
        told = f"{contract.id} has {waiting} waiting and {paid} paid results at {unit}"
        assert waiting + paid <= (contract.pay.quantity or 0), f"law 3: {told}: too many"
        released = unit * paid - self.short[contract.id]
        assert contract.released == released, f"law 3: {told}, released {contract.released}"
        back = unit * self.reversed[contract.id]
        assert contract.reversed == back, f"law 3: {told}, reversed {contract.reversed}, not {back}"


def _answered(new: Result, old: Result | None, event: Event) -> None:
    """Law 4, by the instants."""
    if old is None or new.status == old.status:
        return
    if new.status == "rejected" and new.reason != "contract_cancelled":
        by_dispute = new.contest is not None
        in_time = event.at < old.review_ends_at or by_dispute
        assert in_time, f"law 4: {new.id} is rejected after its review"
    if new.status == "reversed":
        in_time = event.at < (old.answered_at or 0) + REVERSAL_SECONDS
        assert in_time, f"law 4: {new.id} is reversed too late"


def _undone(
    result: Result,
    event: Event,
    contract: Contract,
    pairs: Sequence[tuple[Any, Any]],
) -> list[str]:
    """Law 3: the fees and the workers' net come back; who owes some of it."""
    posted, price = pay.sides(event), result.price.amount
    told = f"{result.id} was {price}, and is taken back by {posted}"
    billed = fees.billed_before(pairs, contract, -price, told)
    fee = fees.worker_fee(contract, 0, price, billed - price)
    earned = fees.client_fee(contract, contract.released + price) - fees.client_fee(
        contract, contract.released
    )
    assert posted.get("platform:fees", 0) == -fee - earned, f"law 3: {told}, not the fees of {fee}, {earned}"
    back: Counter[str] = Counter()
    for account, amount in posted.items():
        if account.startswith("worker:"):
            assert amount <= 0, f"law 3: {told}"
            back[account.split(":")[1]] -= amount
    assert back.total() == price - fee, f"law 3: {told}"
    fees.check_shares(contract, dict(back), told)
    return [worker for worker in back if f"worker:{worker}:owed" in posted]
