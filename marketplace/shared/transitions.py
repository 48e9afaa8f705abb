"""State machines as allow-tables: a pair that is not in the table is refused."""

from collections.abc import Mapping
from typing import TypeVar

from marketplace.shared.errors import IllegalTransition

_Status = TypeVar("_Status", bound=str)


def after(table: Mapping[tuple[_Status, str], _Status], status: _Status, step: str) -> _Status:
    """The state that `step` leads to; `table` is (state, step) to the next. Raises IllegalTransition."""
    if (status, step) not in table:
        raise IllegalTransition(f"cannot {step.replace('_', ' ')} while {status}")
    return table[status, step]
