"""What the local Stripe holds back from the platform for what its connected accounts owe."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import MANUAL, LocalStripe, on

RESERVES = "https://docs.stripe.com/connect/account-balances"


def in_debt(here: LocalStripe, collects: str) -> str:
    """A verified account that charged a card itself, was disputed, and owes Stripe for it."""
    controller: Any = {
        "losses": {"payments": "application"},
        "requirement_collection": collects,
        "stripe_dashboard": {"type": "none" if collects == "application" else "express"},
    }
    wishes = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    params: Any = {"capabilities": wishes, "controller": controller, "settings": MANUAL}
    account = here.client.v1.accounts.create(params).id
    here.simulator.verify(account)
    paid: Any = {
        "amount": 10_000,
        "currency": "usd",
        "confirm": True,
        "payment_method": "pm_card_createDispute",
        "payment_method_types": ["card"],
    }
    here.client.v1.payment_intents.create(paid, on(account))
    here.after(60)
    return account


def reserved(here: LocalStripe) -> dict[str, int]:
    balance: stripe.Balance = here.client.v1.balance.retrieve()
    return {row.currency: row.amount for row in balance.connect_reserved or ()}


@pytest.mark.stripe_rule(RESERVES)
def test_what_a_custom_account_owes_is_held_back_from_the_platform_until_it_owes_nothing(
    here: LocalStripe,
) -> None:
    here.funded(100_000)
    before = here.balance()["usd"][0]
    account = in_debt(here, "application")
    owed = -here.balance(account)["usd"][0]
    assert owed > 0
    assert (reserved(here), here.balance()["usd"][0]) == ({"usd": owed}, before - owed)
    [held] = here.client.v1.balance_transactions.list({"type": "reserve_transaction"}).data
    assert (held.amount, held.reporting_category) == (-owed, "connect_reserved_funds")
    here.transfer(account, owed)
    assert (reserved(here), here.balance()["usd"][0]) == ({"usd": 0}, before - owed)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance/balance_object#balance_object-connect_reserved")
def test_nothing_is_held_back_for_an_account_whose_requirements_stripe_collects(here: LocalStripe) -> None:
    here.funded(100_000)
    account = in_debt(here, "stripe")
    assert here.balance(account)["usd"][0] < 0
    assert reserved(here) == {"usd": 0}


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance/balance_object#balance_object-connect_reserved")
def test_only_the_platform_s_balance_shows_a_reserve(here: LocalStripe) -> None:
    balance = here.client.v1.balance.retrieve(options=on(here.verified_worker()))
    assert "connect_reserved" not in balance.to_dict()
