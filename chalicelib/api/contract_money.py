"""A client's money for a contract: the hold, and bonuses beyond the terms."""

from typing import Literal

from chalicelib.api.contract_views import ContractView, contract_view
from chalicelib.http import CLIENT, Call, Reply, Routes
from chalicelib.types import Instant, Line, Model, Money
from marketplace.contracts import endings, funding
from marketplace.contracts.endings import Bonus, PayBonus
from marketplace.contracts.funding import FundContract

routes = Routes()


class Amount(Model):
    """How much."""

    amount: Money


class NewBonus(Model):
    """Money beyond the terms, and why."""

    amount: Money
    reason: Line


class BonusView(Model):
    """A bonus, gross of the fee."""

    id: str
    object: Literal["bonus"] = "bonus"
    contract_id: str
    amount: Money
    reason: str
    created_at: Instant


def bonus_view(bonus: Bonus) -> BonusView:
    """A bonus for an answer."""
    return BonusView(
        id=bonus.id,
        contract_id=bonus.contract_id,
        amount=Money.of(bonus.amount),
        reason=bonus.reason,
        created_at=bonus.created_at,
    )


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/fund",
    who=CLIENT,
    scope="money",
    body=Amount,
    answer=ContractView,
    key_required=True,
)
def fund_contract(call: Call[Amount]) -> Reply:
    """Reserves wallet money for the contract."""
    command = FundContract(call.id("contract_id", "con"), call.principal.id, call.body.amount.to_domain())
    return call.commit(lambda tx: funding.fund_contract(command, tx), contract_view)


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/bonus",
    who=CLIENT,
    scope="money",
    body=NewBonus,
    answer=BonusView,
    key_required=True,
    status=201,
)
def pay_bonus(call: Call[NewBonus]) -> Reply:
    """Pays a bonus straight out of the wallet."""
    command = PayBonus(
        call.id("contract_id", "con"),
        call.principal.id,
        call.runtime.new_id("bon"),
        call.body.amount.to_domain(),
        call.body.reason,
    )
    return call.commit(lambda tx: endings.pay_bonus(command, tx), bonus_view)
