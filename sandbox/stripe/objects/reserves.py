"""The reserve: what connected accounts owe, held back from the platform that answers for them.

Only for accounts whose requirements the platform collects; it follows their available balances both ways.
Source: https://docs.stripe.com/connect/account-balances#understanding-connected-reserves,
https://docs.stripe.com/api/balance/balance_object#balance_object-connect_reserved
"""

from sandbox.stripe.books import Movement, available, book, reserved
from sandbox.stripe.step import Step

DESCRIPTION = "Connect reserve"


def follow(step: Step, currency: str) -> None:
    """Brings the reserve to what is owed in `currency` now. `step` is of the platform."""
    owed = sum(
        max(0, -available(step.on(account["id"]), currency))
        for account in step.shelf("account").rows
        if account["controller"].get("requirement_collection") == "application"
    )
    change = owed - reserved(step.state).get(currency, 0)
    if not change:
        return
    transaction = step.keep(
        {
            "id": step.new_id("rsv"),
            "object": "reserve_transaction",
            "amount": change,
            "currency": currency,
            "description": DESCRIPTION,
        }
    )
    book(step, Movement("reserve_transaction", -change, currency, transaction["id"], description=DESCRIPTION))
