"""`expand[]`: ids replaced by the objects they name, up to four levels deep.

Source: https://docs.stripe.com/api/expanding_objects
"""

from typing import Any

from sandbox.stripe.errors import invalid
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import State

DEPTH_MAX = 4
LIST_OF = "list of "

EXPANDABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "balance_transaction": {
        "source": (
            "charge",
            "dispute",
            "payout",
            "refund",
            "reserve_transaction",
            "transfer",
            "transfer_reversal",
        )
    },
    "bank_account": {"account": ("account",)},
    "capability": {"account": ("account",)},
    "charge": {
        "balance_transaction": ("balance_transaction",),
        "customer": ("customer",),
        "payment_intent": ("payment_intent",),
        "refunds": ("list of refund",),
        "source_transfer": ("transfer",),
    },
    "dispute": {"charge": ("charge",), "payment_intent": ("payment_intent",)},
    "list of refund": {"data": ("refund",)},
    "payment_intent": {
        "customer": ("customer",),
        "latest_charge": ("charge",),
        "payment_method": ("payment_method",),
    },
    "payment_method": {"customer": ("customer",)},
    "payout": {
        "balance_transaction": ("balance_transaction",),
        "destination": ("bank_account",),
        "failure_balance_transaction": ("balance_transaction",),
        "original_payout": ("payout",),
        "reversed_by": ("payout",),
    },
    "refund": {
        "balance_transaction": ("balance_transaction",),
        "charge": ("charge",),
        "failure_balance_transaction": ("balance_transaction",),
        "payment_intent": ("payment_intent",),
        "source_transfer_reversal": ("transfer_reversal",),
    },
    "transfer": {
        "balance_transaction": ("balance_transaction",),
        "destination": ("account",),
        "destination_payment": ("charge",),
        "source_transaction": ("charge",),
    },
    "transfer_reversal": {
        "balance_transaction": ("balance_transaction",),
        "destination_payment_refund": ("refund",),
        "transfer": ("transfer",),
    },
}
"""Kind of object → its members that hold an id, and the kinds of object that the id can name.

A charge's `refunds` are there only when they are expanded.
"""

SHOWN_MAX = 10
"""How many of a list are shown within an object; all are in the list's own endpoint."""


def refuse_unexpandable(answers: str, paths: list[str]) -> None:
    """Raises StripeError (400) for a path that no answer of this kind has, before anything has happened."""
    for path in paths:
        names = path.split(".")
        if len(names) > DEPTH_MAX:
            raise invalid(f"You cannot expand more than {DEPTH_MAX} levels of a property.", "expand")
        kinds: tuple[str, ...] = (answers,)
        if answers.startswith(LIST_OF):
            kinds = (answers.removeprefix(LIST_OF),) if len(names) > 1 and names.pop(0) == "data" else ()
        for name in names:
            kinds = tuple(child for kind in kinds for child in EXPANDABLE.get(kind, {}).get(name, ()))
        if not kinds or names[-1] == "data":
            raise invalid(f"This property cannot be expanded ({path}).", "expand")


def expanded(state: State, answer: Obj, paths: list[str]) -> Obj:
    """A copy of `answer` with every path replaced that its objects have."""
    for path in paths:
        answer = _within(state, answer, path.split("."))
    return answer


def _within(state: State, row: Obj, names: list[str]) -> Obj:
    name, rest = names[0], names[1:]
    if row["object"] == "list":
        return {**row, "data": [_within(state, item, rest) for item in row["data"]]}
    if name not in EXPANDABLE.get(row["object"], {}):
        return row
    if name not in row and name != "refunds":
        return row
    child = _refunds(state, row) if name == "refunds" else _object(state, row[name])
    if isinstance(child, dict) and rest:
        child = _within(state, child, rest)
    return {**row, name: child}


def _refunds(state: State, charge: Obj) -> Obj:
    account, _ = state.homes[charge["id"]]
    found = [row for row in state.shelf(account, "refund").rows if row["charge"] == charge["id"]]
    return {
        "object": "list",
        "data": found[::-1][:SHOWN_MAX],
        "has_more": len(found) > SHOWN_MAX,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }


def _object(state: State, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = state.find(value)
    return value if found is None else found[1]
