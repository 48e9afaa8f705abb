"""`replace` as the standard library's, at a tenth of its price, for aggregates of twenty and forty fields.

There it reads every field and begins anew, and a frozen object sets each through `object.__setattr__`. Here
the fields that stay are copied at once into a new object that nobody else has seen yet. What is frozen stays
so, and `__post_init__` checks what it checked; type checkers see the standard library's. What a cached
property remembered would be copied as well, so no frozen dataclass of the product has one.
"""

from typing import TYPE_CHECKING, Any

__all__ = ["replace"]

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(one: Any, /, **changes: Any) -> Any:
        """The dataclass `one` with other fields. Raises TypeError for a name that is no field."""
        made = object.__new__(type(one))
        fields = made.__dict__
        fields.update(one.__dict__)
        fields.update(changes)
        if len(fields) != len(one.__dict__):
            raise TypeError(f"{type(one).__name__} has not all of {', '.join(changes)}")
        check = getattr(made, "__post_init__", None)
        if check is not None:
            check()
        return made
