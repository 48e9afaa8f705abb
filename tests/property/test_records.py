"""A record is changed as the standard library changes a frozen dataclass."""

import ast
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.shared import records


@dataclasses.dataclass(frozen=True)
class Span:
    start: int
    end: int = 10
    notes: list[str] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("it ends before it starts")


def _outcome(change: Callable[[], Any]) -> Any:
    try:
        return change()
    except (TypeError, ValueError) as refused:
        return type(refused)


@given(st.dictionaries(st.sampled_from(("start", "end", "notes", "other")), st.integers(0, 12)))
def test_it_changes_alike_and_leaves_what_it_changed_as_it_was(changes: dict[str, int]) -> None:
    span = Span(1, 5)
    theirs: Callable[..., Any] = dataclasses.replace
    ours: Callable[..., Any] = records.replace
    assert _outcome(lambda: ours(span, **changes)) == _outcome(lambda: theirs(span, **changes))
    assert span == Span(1, 5)


def test_what_was_changed_is_frozen_too() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        records.replace(Span(1, 5), end=7).end = 8  # type: ignore[misc]  # that is the point


def test_no_frozen_dataclass_remembers_what_a_changed_one_would_take_over() -> None:
    remembering = [
        f"{path}: {made.name}"
        for path in sorted(Path(records.__file__).parents[1].rglob("*.py"))
        for made in ast.walk(ast.parse(path.read_text()))
        if isinstance(made, ast.ClassDef)
        if any("frozen=True" in ast.unparse(how) for how in made.decorator_list)
        if any("cached_property" in ast.unparse(line) for line in made.body)
    ]
    assert remembering == []
