"""Each kind of object says whether a worker's copy and a client's carry it, and what goes with a worker."""

from typing import Any

import pytest

from chalicelib.work import client_copies, copies, forgotten
from marketplace.shared.private import private_paths
from marketplace.storage.shelves import SHELVES

KINDS = {shelf.kind.__name__: shelf.kind for shelf in SHELVES}
NAMES_A_WORKER = {"worker_id", "lead_id", "payee_id", "person_id", "referrer_id", "author_id"}


@pytest.mark.parametrize("copy", [copies, client_copies], ids=["worker", "client"])
def test_each_kind_is_in_the_copy_or_says_why_not(copy: Any) -> None:
    copied = [row.kind.__name__ for row in copy.COPIED]
    assert sorted([*copied, *copy.NOT_COPIED]) == sorted(KINDS)


def test_of_each_kind_it_is_said_what_goes_with_a_worker_and_what_stays() -> None:
    goes = [row.kind.__name__ for row in forgotten.FORGOTTEN]
    stays = [*forgotten.KEPT, *forgotten.NOT_OF_WORKERS]
    assert sorted([*goes, *forgotten.AT_ONCE, *stays]) == sorted(KINDS)


@pytest.mark.parametrize("name", sorted(forgotten.NOT_OF_WORKERS))
def test_what_is_said_to_be_nobodys_names_no_worker(name: str) -> None:
    assert not NAMES_A_WORKER & KINDS[name].__dataclass_fields__.keys()


def test_what_is_said_to_stay_as_mere_ids_holds_nothing_personal() -> None:
    for name, why in forgotten.KEPT.items():
        assert why != forgotten._IDS or not _personal(KINDS[name]), name


def _personal(kind: Any) -> bool:
    return bool(private_paths(kind))
