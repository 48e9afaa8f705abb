"""Tells of a change by comparing: what an object was before a block, and what it is after it."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.stripe import notify
from sandbox.stripe.event_types import EventType
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step


@contextmanager
def told(step: Step, type_: EventType, row: Obj) -> Iterator[None]:
    """Whatever the block changes in `row` is told in one event, with the members' former values.

    A block that changes nothing, or that raises, tells nobody. Stripe gives only the changed part of a
    nested hash; here each changed top-level member is given whole.
    """
    before = copy.deepcopy(row)
    yield
    former = {name: value for name, value in before.items() if row.get(name) != value}
    former |= {name: None for name in row if name not in before}
    if former:
        notify.emit(step, type_, row, before=former)
