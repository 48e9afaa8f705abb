"""`dataclass` and `replace` as the standard library's, at a fraction of their price.

Aggregates have twenty and forty fields, and the product has hundreds of small classes. There a frozen
object sets each field through `object.__setattr__`, two more methods are compiled for each class at every
cold start, and `replace` reads every field and begins anew. Here type checkers see the standard library's and
hold what is frozen; nothing holds it once more while it runs
([why](../../docs/decisions/0053-what-is-frozen-is-held-by-the-type-checker.md)). What a cached property
remembered would be copied by `replace`, so no frozen dataclass of the product has one.
"""

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(made: type[Any] | None = None, /, *, frozen: bool = False, **options: Any) -> Any:
        """What is `frozen` has a hash, as there."""
        decorate = dataclasses.dataclass(unsafe_hash=frozen, **options)
        return decorate if made is None else decorate(made)

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
