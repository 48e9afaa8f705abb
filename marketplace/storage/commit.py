"""The money shape of commit: heads, guarded balances and one event in one TransactWriteItems.

A commit of one head and nothing else (a heartbeat) or of one event alone (a webhook's intake) is one
conditional write instead: there is nothing for it to be atomic with.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, cast

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from marketplace.payouts.use_cases import PAID
from marketplace.shared.errors import CommitConflict, CommitUnknown, InsufficientFunds
from marketplace.shared.transaction import BalanceChanges, Commit, HeadChange
from marketplace.storage import codec
from marketplace.storage.connection import SharedConnection
from marketplace.storage.keys import places_of
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, EventItem, HeadItem

CONDITION_FAILED = "ConditionalCheckFailed"
_REFUSED_ALONE = "ConditionalCheckFailedException"
_TOKEN_REUSED = "IdempotentParameterMismatchException"  # noqa: S105  a name of DynamoDB's
_DEFECTS = frozenset({"ValidationException", "ResourceNotFoundException", "AccessDeniedException"})
"""Answers that no retry mends: they are raised as they are."""
_UNGUARDED = frozenset({PAID})
"""Figures beside the balances: no money is spent from them, so none can be too low."""
TOKEN_LENGTH = 36

Put = tuple[HeadItem | EventItem, Condition]


def write(connection: SharedConnection, marks: Marks, commit: Commit, *, due_partitions: int) -> None:
    """Writes all of `commit` or nothing. Raises CommitConflict, InsufficientFunds, CommitUnknown."""
    puts: list[Put] = [_head_put(change, due_partitions) for change in commit.heads]
    if commit.event is not None:
        real_ms = int(time.time() * 1000)
        _answered(lambda: marks.ensure(real_ms), [])
        item = codec.event_item(commit.event, real_ms)
        puts.append((item, EventItem.id.does_not_exist()))
    updates = _balance_updates(commit.balances)
    if len(puts) == 1 and not updates:
        _answered(lambda: puts[0][0].save(condition=puts[0][1]), [])
        return
    _answered(lambda: _transact(connection, commit, puts, updates), [owner for owner, *_ in updates])


def _transact(connection: SharedConnection, commit: Commit, puts: list[Put], updates: list[Any]) -> None:
    token = hashlib.sha256(commit.event.id.encode()).hexdigest()[:TOKEN_LENGTH] if commit.event else None
    with TransactWrite(connection=connection, client_request_token=token) as transaction:
        for item, condition in puts:
            transaction.save(item, condition=condition)
        for owner, actions, guard in updates:
            transaction.update(BalanceItem(owner), actions=actions, condition=guard)


def _head_put(change: HeadChange, due_partitions: int) -> Put:
    aggregate = change.aggregate
    item = HeadItem(
        id=aggregate.id,
        version=change.version + 1,
        body=codec.dump(aggregate),
        **cast("dict[str, Any]", places_of(aggregate, due_partitions=due_partitions)),
    )
    unchanged = HeadItem.version == change.version if change.version else HeadItem.id.does_not_exist()
    return item, unchanged


def _balance_updates(changes: BalanceChanges) -> list[tuple[str, list[Action], Condition | None]]:
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
            if change < 0 and name not in _UNGUARDED:
                enough = attribute >= -change
                guard = enough if guard is None else guard & enough
        updates.append((owner, actions, guard))
    return updates


def _answered(call: Callable[[], object], owners: list[str]) -> None:
    """Tells a definite no, by what it means, from an answer that did not come."""
    try:
        call()
    except TransactWriteError as refused:
        if refused.cause_response_code in _DEFECTS:
            raise
        raise _meaning(refused, owners) from refused
    except PynamoDBException as failed:
        if failed.cause_response_code in _DEFECTS:
            raise
        if failed.cause_response_code == _REFUSED_ALONE:
            raise CommitConflict(str(failed)) from failed
        raise CommitUnknown(str(failed)) from failed
    except BotoCoreError as silent:
        raise CommitUnknown(str(silent)) from silent


def _meaning(refused: TransactWriteError, owners: list[str]) -> Exception:
    """Why a transaction was cancelled. PynamoDB sends puts before updates, so the last reasons are the
    balances'; a balance too low counts only when nothing else stood in the way."""
    if refused.cause_response_code == _TOKEN_REUSED:
        return CommitConflict("this event was committed with other contents")
    if refused.cause_response_code != "TransactionCanceledException":
        return CommitUnknown(str(refused))
    codes = [reason.code if reason else None for reason in refused.cancellation_reasons]
    heads, balances = codes[: len(codes) - len(owners)], codes[len(codes) - len(owners) :]
    if "ValidationError" in codes:
        return refused
    others = [code for code in codes if code not in (None, CONDITION_FAILED)]
    if CONDITION_FAILED in heads or others or CONDITION_FAILED not in balances:
        return CommitConflict(", ".join(str(code) for code in codes))
    return InsufficientFunds(owners[balances.index(CONDITION_FAILED)])
