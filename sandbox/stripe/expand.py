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
    "balance_transaction": {"source": ("charge", "payout", "transfer")},
    "charge": {
        "balance_transaction": ("balance_transaction",),
        "customer": ("customer",),
        "payment_intent": ("payment_intent",),
        "source_transfer": ("transfer",),
    },
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
    },
    "transfer": {
        "balance_transaction": ("balance_transaction",),
        "destination": ("account",),
        "destination_payment": ("charge",),
    },
}
"""Kind of object → its members that hold an id, and the kinds of object that the id can name."""


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
        if not kinds:
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
    child = _object(state, row[name])
    if isinstance(child, dict) and rest:
        child = _within(state, child, rest)
    return {**row, name: child}


def _object(state: State, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = state.find(value)
    return value if found is None else found[1]
