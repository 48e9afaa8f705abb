"""Planted bugs: each changes a line or two of the product, in memory, and the simulation must notice.

A mutant that lives shows a hole in the laws or in what people do. `rewritten` puts other code into a
function, wherever it has been imported; a line that is no longer there fails loudly.
"""

import __future__

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from tests.simulation import crash_points

Change = Callable[[], Any]
"""Makes a context manager, within which the product is changed."""


@dataclass(frozen=True)
class Mutant:
    """`name` says what is wrong with the product, `level` where that code runs; `shown_by` names the flow
    that tells at once, where stories take long."""

    name: str
    changes: tuple[Change, ...]
    level: int = 1
    shown_by: str = ""

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The product with this bug; where stories begin was made without it."""
        crash_points.prepare(self.level)
        with ExitStack() as stack:
            for change in self.changes:
                stack.enter_context(change())
            yield


def rewritten(function: Any, old: str, new: str) -> Change:
    """`function` (a function, a method or a property) with `old` in its source read as `new`."""

    @contextmanager
    def change() -> Iterator[None]:
        target = _function(function)
        kept, target.__code__ = target.__code__, _compiled(target, old, new).__code__
        try:
            yield
        finally:
            target.__code__ = kept

    return change


def holding(owner: Any, name: str, value: Any) -> Change:
    """A module or class whose `name` is something else."""

    @contextmanager
    def change() -> Iterator[None]:
        kept = getattr(owner, name)
        setattr(owner, name, value)
        try:
            yield
        finally:
            setattr(owner, name, kept)

    return change


def entry(table: dict[Any, Any], name: Any, value: Any = None) -> Change:
    """A table with another row, or, without a value, without that row."""

    @contextmanager
    def change() -> Iterator[None]:
        kept = dict(table)
        if value is None:
            del table[name]
        else:
            table[name] = value
        try:
            yield
        finally:
            table.clear()
            table.update(kept)

    return change


def _function(given: Any) -> FunctionType:
    inner = given.fget if isinstance(given, property) else getattr(given, "__func__", given)
    assert isinstance(inner, FunctionType)
    return inner


def _compiled(function: FunctionType, old: str, new: str) -> FunctionType:
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{function.__qualname__} has {source.count(old)} times: {old}"
    plain = source[source.index("def ") :].replace(old, new)
    code = compile(plain, "<mutant>", "exec", flags=__future__.annotations.compiler_flag)
    made: dict[str, Any] = {}
    exec(code, dict(function.__globals__), made)
    changed = made[function.__name__]
    assert isinstance(changed, FunctionType)
    return changed
