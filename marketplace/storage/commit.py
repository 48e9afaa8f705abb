"""The two shapes of a commit.

    money    heads, guarded balances and one event of its own, in one TransactWriteItems: 2 units an item
    plain    no money moves: the event rides on a head that changes. With one head, that is one
             conditional write: 1 unit

What rides on a head is carried to the events table by whoever follows the heads' stream (archive.py), and
everything behind that table sees no difference. A head keeps its last events, so that a repeated call finds
its answer here before the event has arrived there; those that have arrived are dropped when the head would
otherwise cost another unit.

A commit of one head and nothing else (a heartbeat) or of one event alone (a webhook's intake) is one
conditional write as well: there is nothing for it to be atomic with.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from marketplace.shared.accounts import BALANCE_MAX, owed_first
from marketplace.shared.errors import (
    BalanceLimitReached,
    CommitConflict,
    CommitUnknown,
    InsufficientFunds,
)
from marketplace.shared.events import Event
from marketplace.shared.records import replace
from marketplace.shared.store import BalanceChanges, Commit, Head, HeadChange
from marketplace.storage import archive, codec
from marketplace.storage.connection import DEFECTS, SharedConnection, answer_code
from marketplace.storage.item_size import WRITE_UNIT_BYTES, item_bytes
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, EventItem, HeadItem
from marketplace.storage.places import places_of

CONDITION_FAILED = "ConditionalCheckFailed"
_REFUSED_ALONE = "ConditionalCheckFailedException"
_TOKEN_REUSED = "IdempotentParameterMismatchException"  # noqa: S105  a name of DynamoDB's
TOKEN_LENGTH = 36
DROPS_SETTLE_MS = 3_000
"""So long a head tells that it dropped events: longer than what was read ahead is kept, and two machines'
clocks are apart (decision 0045)."""
RIDING_MAX = 8
"""Events on one head. More than these are carried to their table by the commit itself."""

Put = tuple[HeadItem | EventItem, Condition]


def write(connection: SharedConnection, marks: Marks, commit: Commit, *, due_partitions: int) -> None:
    """Writes all of `commit` or nothing. Raises CommitConflict, InsufficientFunds, BalanceLimitReached,
    CommitUnknown."""
    event = replace(commit.event, written_ms=_real_ms()) if commit.event else None
    heads = _Heads(marks, due_partitions)
    puts = [
        heads.put(change, event if change.aggregate.id == commit.carrier else None) for change in commit.heads
    ]
    if event is not None and not commit.carrier:
        _answered(lambda: marks.ensure(event.written_ms), [])
        puts.append((codec.event_item(event), EventItem.id.does_not_exist()))
    updates = _balance_updates(commit.balances, commit.expected)
    if len(puts) == 1 and not updates and not commit.unchanged:
        _answered(lambda: puts[0][0].save(condition=puts[0][1]), [])
        return
    guarded = [owner for owner, *_ in updates]
    expectant = {owner for owner, *_ in commit.expected}
    try:
        _answered(lambda: _transact(connection, commit, puts, updates), guarded, expectant)
    except InsufficientFunds as refused:
        if _is_beyond(connection, commit.balances, refused.account):
            raise BalanceLimitReached(refused.account) from refused
        raise


class _Heads:
    """Makes the items of changed heads."""

    def __init__(self, marks: Marks, due_partitions: int) -> None:
        self._marks = marks
        self._due_partitions = due_partitions

    def put(self, change: HeadChange, event: Event | None) -> Put:
        """The changed head, with `event` riding on it if there is one, and what must be true of the old."""
        before = change.read
        riding = before.riding if before else ()
        if riding and change.forgets:
            _answered(lambda: archive.keep(self._marks, archive.missing(riding)), [])
            riding = ()
        item = self._item(change, riding, event)
        if riding and (len(riding) >= RIDING_MAX or _costs_more(item)):
            kept = self._not_yet_carried(riding)
            item = self._item(change, kept, event)
        return item, _is_as_read(change.version if before else 0)

    def _item(self, change: HeadChange, riding: tuple[Event, ...], event: Event | None) -> HeadItem:
        return HeadItem(
            id=change.aggregate.id,
            version=change.version + 1,
            body=codec.head_body(change.aggregate, (*riding, event) if event else riding),
            event_added=1 if event else None,
            dropped_ms=_dropped_ms(change.read, riding),
            **cast("dict[str, Any]", places_of(change.aggregate, due_partitions=self._due_partitions)),
        )

    def _not_yet_carried(self, riding: tuple[Event, ...]) -> tuple[Event, ...]:
        """Those that only this head has; none when they are so many that they are carried here and now."""
        missing = archive.missing(riding)
        if len(missing) < RIDING_MAX:
            return missing
        _answered(lambda: archive.keep(self._marks, missing), [])
        return ()


def _dropped_ms(before: Head[Any] | None, riding: tuple[Event, ...]) -> int | None:
    """When a head dropped events last: now, if fewer are `riding` on; None once nobody need know."""
    if before is None:
        return None
    now = _real_ms()
    if len(riding) < len(before.riding):
        return now
    return before.dropped_ms if now - before.dropped_ms < DROPS_SETTLE_MS else None


def _is_as_read(version: int) -> Condition:
    return HeadItem.version == version if version else HeadItem.id.does_not_exist()


def _costs_more(item: HeadItem) -> bool:
    return item_bytes(item.serialize()) > WRITE_UNIT_BYTES


def _real_ms() -> int:
    return int(time.time() * 1000)


def _transact(connection: SharedConnection, commit: Commit, puts: list[Put], updates: list[Any]) -> None:
    token = hashlib.sha256(commit.event.id.encode()).hexdigest()[:TOKEN_LENGTH] if commit.event else None
    with TransactWrite(connection=connection, client_request_token=token) as transaction:
        for identifier, version in commit.unchanged.items():
            transaction.condition_check(HeadItem, identifier, condition=_is_as_read(version))
        for item, condition in puts:
            transaction.save(item, condition=condition)
        for owner, actions, guard in updates:
            transaction.update(BalanceItem(owner), actions=actions, condition=guard)


def _balance_updates(
    changes: BalanceChanges, expected: Mapping[tuple[str, str, str], int]
) -> list[tuple[str, list[Action], Condition | None]]:
    by_owner: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for (owner, currency, name), change in changes.items():
        by_owner[owner].append((currency, name, change))
    updates = []
    for owner, lines in by_owner.items():
        actions: list[Action] = []
        guard: Condition | None = None
        for currency, name, change in lines:
            attribute = NumberAttribute(attr_name=f"{currency}_{name}")
            actions.append(attribute.add(change))
            if (owner, currency, name) not in expected:
                low, high = attribute >= -change, attribute <= BALANCE_MAX - change
                guard = _both(guard, low if change < 0 else attribute.does_not_exist() | high)
        for (whose, currency, name), amount in expected.items():
            if whose == owner:
                guard = _both(guard, _is_still(NumberAttribute(attr_name=f"{currency}_{name}"), amount))
        updates.append((owner, actions, _and_owes_nothing(guard, owner, changes)))
    return updates


def _and_owes_nothing(guard: Condition | None, owner: str, changes: BalanceChanges) -> Condition | None:
    for whose, currency, name in owed_first(changes):
        if whose == owner:
            debt = NumberAttribute(attr_name=f"{currency}_{name}")
            guard = _both(guard, debt.does_not_exist() | (debt <= 0))
    return guard


def _is_still(attribute: NumberAttribute, amount: int) -> Condition:
    same = attribute == amount
    return same if amount else attribute.does_not_exist() | same


def _both(one: Condition | None, other: Condition) -> Condition:
    return other if one is None else one & other


def _is_beyond(connection: SharedConnection, changes: BalanceChanges, owner: str) -> bool:
    """Whether a balance of the owner was too large for its change, rather than too small."""
    found = connection.get_item(BalanceItem.Meta.table_name, owner, consistent_read=True).get("Item", {})
    return any(
        int(found.get(f"{currency}_{name}", {"N": "0"})["N"]) + change > BALANCE_MAX
        for (whose, currency, name), change in changes.items()
        if whose == owner and change > 0
    )


def _answered(call: Callable[[], object], owners: list[str], expectant: Collection[str] = ()) -> None:
    """Tells a definite no, by what it means, from an answer that did not come."""
    try:
        call()
    except TransactWriteError as refused:
        if answer_code(refused) in DEFECTS:
            raise
        raise _meaning(refused, owners, expectant) from refused
    except PynamoDBException as failed:
        if answer_code(failed) in DEFECTS:
            raise
        if answer_code(failed) == _REFUSED_ALONE:
            raise CommitConflict(str(failed)) from failed
        raise CommitUnknown(str(failed)) from failed
    except BotoCoreError as silent:
        raise CommitUnknown(str(silent)) from silent


def _meaning(refused: TransactWriteError, owners: list[str], expectant: Collection[str]) -> Exception:
    """Why a transaction was cancelled. PynamoDB sends updates last, so the last reasons are the balances'; a
    balance too low, or too high, counts only when nothing else stood in the way, and nobody was `expectant`:
    then it may have been that the figures are not what they were."""
    if answer_code(refused) == _TOKEN_REUSED:
        return CommitConflict("this event was committed with other contents")
    if answer_code(refused) != "TransactionCanceledException":
        return CommitUnknown(str(refused))
    codes = [reason.code if reason else None for reason in refused.cancellation_reasons]
    heads, balances = codes[: len(codes) - len(owners)], codes[len(codes) - len(owners) :]
    if "ValidationError" in codes:
        return refused
    others = [code for code in codes if code not in (None, CONDITION_FAILED)]
    if CONDITION_FAILED in heads or others or CONDITION_FAILED not in balances:
        return CommitConflict(", ".join(str(code) for code in codes))
    owner = owners[balances.index(CONDITION_FAILED)]
    return CommitConflict(f"{owner}: not as expected") if owner in expectant else InsufficientFunds(owner)
