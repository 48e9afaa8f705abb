"""A batch that the tables do not give whole is asked for again, and not for ever."""

from typing import Any

import pytest

from marketplace.shared.errors import StoreSilent
from marketplace.shared.records import replace
from marketplace.storage import connection
from marketplace.storage.connection import BATCH_PATIENCE, SharedConnection


class Grudging(SharedConnection):
    """Gives one item at a time, if any."""

    def __init__(self, gives: int) -> None:
        self.gives, self.asked = gives, 0

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        ((table, wanted),) = operation_kwargs["RequestItems"].items()
        given, left = wanted["Keys"][: self.gives], wanted["Keys"][self.gives :]
        return {
            "Responses": {table: given},
            "UnprocessedKeys": {table: {**wanted, "Keys": left}} if left else {},
        }


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BATCH_PATIENCE", replace(BATCH_PATIENCE, first_seconds=0.0))


def test_what_was_not_given_is_asked_for_again() -> None:
    tables = Grudging(gives=2)
    keys = [{"id": number} for number in range(5)]
    given = tables.batch_get({"heads": {"Keys": keys, "ConsistentRead": True}})
    assert [item for _, items in given for item in items] == keys
    assert tables.asked == 3


def test_tables_that_give_nothing_are_given_up() -> None:
    tables = Grudging(gives=0)
    with pytest.raises(StoreSilent):
        list(tables.batch_get({"heads": {"Keys": [1], "ConsistentRead": True}}))
    assert tables.asked == BATCH_PATIENCE.attempts_max
