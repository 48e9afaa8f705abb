"""What holds of a payment to the local Stripe whatever merchant, holder and banks do to it, in any order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.stripe import NotPossible, UnknownObject
from tests.contract.local_stripe import DAY, LocalStripe

AMOUNT = 10_000
FEE = 320
DISPUTE_FEE = 1_500
TAKEN = ("needs_response", "under_review", "lost")

Deed = Callable[[LocalStripe, stripe.Charge, int], object]


def _last(rows: list[Any]) -> str:
    return str(rows[0].id) if rows else "none"


def refund(here: LocalStripe, charge: stripe.Charge, amount: int) -> None:
    here.client.v1.refunds.create({"charge": charge.id, "amount": amount})


def refund_fails(here: LocalStripe, charge: stripe.Charge, _amount: int) -> None:
    here.simulator.fail_refund(_last(here.client.v1.refunds.list({"charge": charge.id}).data))


def dispute(here: LocalStripe, charge: stripe.Charge, amount: int) -> None:
    here.simulator.dispute(str(charge.payment_intent), amount)


def win(here: LocalStripe, charge: stripe.Charge, _amount: int) -> None:
    here.simulator.settle_dispute(_last(here.client.v1.disputes.list({"charge": charge.id}).data), won=True)


def lose(here: LocalStripe, charge: stripe.Charge, _amount: int) -> None:
    here.client.v1.disputes.close(_last(here.client.v1.disputes.list({"charge": charge.id}).data))


def wait(here: LocalStripe, _charge: stripe.Charge, amount: int) -> None:
    here.after(amount * DAY // 1_000)


DEEDS: list[Deed] = [refund, refund_fails, dispute, win, lose, wait]


def check(here: LocalStripe, charge_id: str) -> None:
    """The charge, its refunds and disputes, and the balance tell one story."""
    charge = here.client.v1.charges.retrieve(charge_id)
    refunds = here.client.v1.refunds.list({"charge": charge_id, "limit": 100}).data
    disputes = here.client.v1.disputes.list({"charge": charge_id, "limit": 100}).data
    back = sum(row.amount for row in refunds if row.status != "failed")
    taken = sum(row.amount for row in disputes if row.status in TAKEN)
    assert (charge.amount_refunded, charge.refunded) == (back, back == AMOUNT)
    assert 0 <= back + taken <= AMOUNT, "nobody gets more than was paid"
    assert sum(here.balance()["usd"]) == AMOUNT - FEE - back - taken - DISPUTE_FEE * len(disputes)
    assert sum(row.net for row in here.transactions()) == sum(here.balance()["usd"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 6_000)), max_size=10))
def test_the_balance_is_what_refunds_and_disputes_leave_of_a_payment(deeds: list[tuple[Deed, int]]) -> None:
    here = LocalStripe.start()
    try:
        charge = here.paid(AMOUNT)
        for deed, amount in deeds:
            with suppress(stripe.InvalidRequestError, NotPossible, UnknownObject):
                deed(here, charge, amount)
            check(here, charge.id)
        here.after(200 * DAY)
        check(here, charge.id)
        assert here.balance()["usd"][1] == 0, "nothing stays pending"
    finally:
        here.close()
