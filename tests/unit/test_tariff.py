"""Requests are billed by AWS's rules, whatever an emulator says."""

from typing import Any

import pytest

from marketplace.storage.item_size import item_bytes
from marketplace.storage.models import EventItem, HeadItem
from marketplace.storage.tariff import Spent, Tariff

HEADS, EVENTS = "heads", "events"


@pytest.fixture
def tariff() -> Tariff:
    return Tariff({HEADS: HeadItem, EVENTS: EventItem})


def head(size: int = 100, **places: str) -> dict[str, Any]:
    item = {
        "id": {"S": "con_1"},
        "version": {"N": "1"},
        **{name: {"S": value} for name, value in places.items()},
    }
    return {**item, "body": {"S": "x" * (size - item_bytes(item) - len("body"))}}


def put(item: dict[str, Any]) -> dict[str, Any]:
    return {"TableName": HEADS, "Item": item}


def transact(*items: dict[str, Any]) -> dict[str, Any]:
    return {"TransactItems": [{"Put": put(item)} for item in items]}


@pytest.mark.parametrize(("size", "units"), [(100, 1), (1_024, 1), (1_025, 2), (4_096, 4)])
def test_a_write_costs_a_unit_a_kilobyte_and_twice_that_in_a_transaction(
    tariff: Tariff, size: int, units: int
) -> None:
    assert tariff.price("PutItem", put(head(size)), {}) == Spent(1, write_units=units)
    assert tariff.price("TransactWriteItems", transact(head(size)), {}) == Spent(1, write_units=2 * units)


def test_a_condition_check_costs_as_much_as_a_write(tariff: Tariff) -> None:
    check = {"TransactItems": [{"ConditionCheck": {"TableName": HEADS, "Key": {"id": {"S": "con_1"}}}}]}
    assert tariff.price("TransactWriteItems", check, {}) == Spent(1, write_units=2)


@pytest.mark.parametrize(("size", "units"), [(100, 1.0), (4_096, 1.0), (4_097, 2.0)])
def test_a_read_costs_a_unit_for_four_kilobytes_and_half_where_it_may_be_stale(
    tariff: Tariff, size: int, units: float
) -> None:
    strong = {"TableName": HEADS, "Key": {"id": {"S": "con_1"}}, "ConsistentRead": True}
    found = {"Item": head(size)}
    assert tariff.price("GetItem", strong, found).read_units == units
    assert tariff.price("GetItem", {**strong, "ConsistentRead": False}, found).read_units == units / 2


def test_a_read_that_finds_nothing_costs_as_well(tariff: Tariff) -> None:
    asked = {"TableName": HEADS, "Key": {"id": {"S": "con_1"}}, "ConsistentRead": True}
    assert tariff.price("GetItem", asked, {}) == Spent(1, read_units=1)


def test_a_querys_items_count_together(tariff: Tariff) -> None:
    asked = {"TableName": HEADS, "IndexName": "list1"}
    assert tariff.price("Query", asked, {"Items": [head(100)] * 50}) == Spent(1, index_read_units=1.0)


def test_a_batch_reads_each_item_for_itself(tariff: Tariff) -> None:
    asked = {"RequestItems": {HEADS: {"Keys": [{}, {}, {}], "ConsistentRead": True}}}
    assert tariff.price("BatchGetItem", asked, {"Responses": {HEADS: [head(), head()]}}).read_units == 3


def test_what_a_batch_did_not_take_is_not_billed(tariff: Tariff) -> None:
    requests = [{"PutRequest": {"Item": {**head(), "id": {"S": f"con_{n}"}}}} for n in range(3)]
    asked = {"RequestItems": {HEADS: requests}}
    assert tariff.price("BatchWriteItem", asked, {}).write_units == 3
    assert tariff.price("BatchWriteItem", asked, {"UnprocessedItems": {HEADS: requests[:1]}}).write_units == 2


def test_an_index_costs_when_an_entry_appears_moves_or_goes_and_not_otherwise(tariff: Tariff) -> None:
    def units(**places: str) -> int:
        return tariff.price("PutItem", put(head(100, **places)), {}).index_write_units

    assert units() == 0
    assert units(position="1", list1="a", due_partition="d", due_key="1") == 2
    assert units(position="1", list1="a", due_partition="d", due_key="1") == 0
    assert units(position="1", list1="a", due_partition="d", due_key="2") == 2
    assert units(position="1", list1="b") == 3
    assert units() == 1


def test_a_refused_write_is_billed_and_changes_no_index(tariff: Tariff) -> None:
    refused = {"Error": {"Code": "TransactionCanceledException"}}
    asked = transact(head(position="1", list1="a"))
    assert tariff.price("TransactWriteItems", asked, refused) == Spent(1, write_units=2)
    assert tariff.price("TransactWriteItems", asked, {}).index_write_units == 1


def test_the_time_index_carries_the_journal_and_costs_by_its_size(tariff: Tariff) -> None:
    event = {
        "id": {"S": "evt_1"},
        "bucket": {"S": "0#1"},
        "bucket_key": {"S": "1"},
        "journal": {"S": "j" * 1_500},
        "details": {"S": "d" * 3_000},
    }
    spent = tariff.price("PutItem", {"TableName": EVENTS, "Item": event}, {})
    assert spent == Spent(1, write_units=5, index_write_units=2)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "1795326413"}, 6),
        ({"N": "-5"}, 3),
        ({"B": b"123"}, 3),
        ({"B": "MTIz"}, 3),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}, {"S": "c"}]}, 8),
        ({"M": {"k": {"S": "v"}}}, 6),
        ({"SS": ["ab", "c"]}, 6),
        ({"B": "AAECAw=="}, 4),
        ({"B": b"\0\1\2\3"}, 4),
    ],
)
def test_sizes_follow_the_developer_guide(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"n": value}) == 1 + size
