"""The four tables.

heads     the small, version-checked item of each aggregate, with its places in lists and its clock
balances  one item an owner, one number a currency and account
events    what happened: outbox, journal, audit log and idempotency record in one
trail     what is derived from the events: statements by account, histories by object, and the ledger's
          calendar and seals
"""

from typing import Any

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model


def _by_list(name: str) -> GlobalSecondaryIndex["HeadItem"]:
    """The index of the lists that stand under the attribute of that name."""

    class ByList(GlobalSecondaryIndex["HeadItem"]):  # type: ignore[no-untyped-call]
        class Meta:
            index_name = name
            projection = KeysOnlyProjection()

        listed = UnicodeAttribute(hash_key=True, attr_name=name)
        position = UnicodeAttribute(range_key=True)
        id = UnicodeAttribute()

    return ByList()


class ByDue(GlobalSecondaryIndex["HeadItem"]):  # type: ignore[no-untyped-call]
    """Aggregates whose clock is running, the earliest first."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_partition = UnicodeAttribute(hash_key=True)
    due_key = UnicodeAttribute(range_key=True)


class HeadItem(Model):
    """One aggregate. `version` rises by one with every commit. `body` is its JSON and that of the last events
    that ride on it, packed and sealed; `event_added` is there when the last write added one,
    `dropped_ms` when one not long ago dropped some (commit.py)."""

    class Meta:
        table_name = ""

    id = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    body = BinaryAttribute(legacy_encoding=False)
    event_added = NumberAttribute(null=True)
    dropped_ms = NumberAttribute(null=True)
    position = UnicodeAttribute(null=True)
    list1 = UnicodeAttribute(null=True)
    list2 = UnicodeAttribute(null=True)
    list3 = UnicodeAttribute(null=True)
    list4 = UnicodeAttribute(null=True)
    list5 = UnicodeAttribute(null=True)
    due_partition = UnicodeAttribute(null=True)
    due_key = UnicodeAttribute(null=True)

    by_list1 = _by_list("list1")
    by_list2 = _by_list("list2")
    by_list3 = _by_list("list3")
    by_list4 = _by_list("list4")
    by_list5 = _by_list("list5")
    by_due = ByDue()


class BalanceItem(Model):
    """One owner's balances: number attributes named `{currency}_{account}`, made when first posted to."""

    class Meta:
        table_name = ""

    id = UnicodeAttribute(hash_key=True)


class ByBucket(GlobalSecondaryIndex["EventItem"]):  # type: ignore[no-untyped-call]
    """Events by five minutes of real time and slot: the ledger's folds, export and re-relay read it."""

    class Meta:
        index_name = "bucket"
        projection = IncludeProjection(["type", "at", "journal", "about"])

    bucket = UnicodeAttribute(hash_key=True)
    bucket_key = UnicodeAttribute(range_key=True)
    id = UnicodeAttribute()
    type = UnicodeAttribute()
    at = NumberAttribute()
    journal = UnicodeAttribute(null=True)
    about: ListAttribute[Any] = ListAttribute()


class EventItem(Model):
    """One event; `journal` is JSON, `told` its details and its answer, packed and sealed. Events that were
    written before that have JSON `details` and a deflated `answer`."""

    class Meta:
        table_name = ""

    id = UnicodeAttribute(hash_key=True)
    type = UnicodeAttribute()
    at = NumberAttribute()
    actor = UnicodeAttribute()
    request_id = UnicodeAttribute()
    about: ListAttribute[Any] = ListAttribute()
    input_hash = UnicodeAttribute(null=True)
    caused_by = UnicodeAttribute(null=True)
    call = UnicodeAttribute(null=True)
    journal = UnicodeAttribute(null=True)
    told = BinaryAttribute(null=True, legacy_encoding=False)
    details = UnicodeAttribute(null=True)
    answer_status = NumberAttribute(null=True)
    answer = BinaryAttribute(null=True, legacy_encoding=False)
    bucket = UnicodeAttribute()
    bucket_key = UnicodeAttribute()

    by_bucket = ByBucket()


class TrailItem(Model):
    """A row under what it is `about`: a line of an account's statement or of an object's history (trail.py),
    a marked bucket (marks.py) or its sealed sum (seals.py)."""

    class Meta:
        table_name = ""

    about = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
