"""What is stored is found again by the prefix of its id, so nothing else can be stored."""

from dataclasses import replace
from typing import Any

import pytest

from marketplace.reconciliation.entering import Entering
from marketplace.shared.books import Books
from marketplace.storage.places import places_of, shelf_of


@pytest.mark.parametrize("only", [Books(), Entering()])
def test_what_there_is_one_of_has_the_prefix_of_its_kind_and_is_put_nowhere_without(only: Any) -> None:
    assert shelf_of(only).kind is type(only)
    for identifier in (f"cli_{only.id}", f"{only.id}_1", only.id.rpartition("_")[2]):
        with pytest.raises(ValueError, match="is no id of"):
            places_of(replace(only, id=identifier), due_partitions=1)
