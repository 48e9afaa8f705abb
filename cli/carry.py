"""Carries what rides on heads to the events table, where the function that follows their stream could not:
its log names the heads. Until then nothing is lost, but nobody behind that table has seen it."""

from collections.abc import Iterable

from pynamodb.exceptions import DoesNotExist

from marketplace.runtime import Runtime
from marketplace.storage.archive import missing
from marketplace.storage.codec import riding_on
from marketplace.storage.models import HeadItem


def carry(runtime: Runtime, heads: Iterable[str]) -> int:
    """The exit code: 1 when one of the heads is not there."""
    code = 0
    for identifier in heads:
        try:
            riding = riding_on(HeadItem.get(identifier, consistent_read=True).body)
        except DoesNotExist:
            print(f"{identifier}: no such head")
            code = 1
            continue
        left = missing(riding)
        runtime.store.keep(left)
        print(f"{identifier}: carried {len(left)} of {len(riding)}")
    return code
