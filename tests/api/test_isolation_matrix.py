"""Nobody sees or moves what is not theirs: every operation, by all who should not, on every id it takes."""

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from chalicelib.api import OPERATIONS
from chalicelib.http import Operation
from marketplace.access.principals import Role
from tests.api.matrix import Cell, ask, cells, named, of_member, same
from tests.api.row import Row
from tests.api.rows import ROWS
from tests.api.stage import Stage
from tests.people import Caller, key, usd
from tests.summaries import tell

pytestmark = pytest.mark.xdist_group("api")

LET_IN = (200, 201, 303, 400, 409, 422)
"""Who may use an operation on its own objects is refused for their state at most, never as a stranger is."""
DESTRUCTIVE = (
    "renew_pool_code",
    "reinstate_client",
    "reinstate_worker",
    "revoke_api_key",
    "leave_agency",
    "decline_agency",
    "remove_member",
    "delete_webhook_endpoint",
)

counted: Counter[str] = Counter()


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(ROWS) == {operation.run.__name__ for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.run.__name__)
def test_who_should_not_get_at_it_does_not(operation: Operation, stage: Stage) -> None:
    wrong = [fault for cell in cells(operation, stage) for fault in _faults(operation, cell)]
    assert not wrong, "\n".join(wrong)


def test_an_agencys_member_reads_what_its_contracts_are_made_of_and_changes_nothing(stage: Stage) -> None:
    asked = sorted(OPERATIONS, key=lambda operation: operation.run.__name__ in DESTRUCTIVE)
    every = ((operation, cell) for operation in asked for cell in of_member(operation, stage))
    wrong = [fault for operation, cell in every for fault in _faults(operation, cell)]
    assert not wrong, "\n".join(wrong)


def test_a_key_of_somebody_elses_brings_nothing_of_theirs(stage: Stage) -> None:
    """The same key and body in other hands is a call of their own."""
    body, used = {"amount": usd(5_000)}, key()
    first, second = (
        tenant.client.call("POST", "/v1/wallet/top-ups", body, **used)
        for tenant in (stage.ours, stage.theirs)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
    assert first.json()["client_secret"] != second.json()["client_secret"]
    assert "Idempotent-Replayed" not in second.headers


def _who_may(row: Row, role: Role, stage: Stage) -> Caller:
    if row.for_forgotten:
        return stage.forgotten[role]
    return stage.suspended[role] if row.for_suspended else stage.right(role)


def _in_order(operation: Operation) -> tuple[bool, bool]:
    return operation.run.__name__ in DESTRUCTIVE, operation.method != "GET"


def test_who_may_is_let_in(stage: Stage) -> None:
    """So the refusals were not due to a wrong path. Reads come first, and last what takes objects away."""
    shut = []
    for operation in sorted(OPERATIONS, key=_in_order):
        for role in operation.who:
            ids = named(operation, stage, stage.ours, right=True, role=role)
            answer = ask(operation, _who_may(ROWS[operation.run.__name__], role, stage), ids)
            counted["right caller"] += 1
            if answer.status_code not in LET_IN:
                shut.append(f"{operation.run.__name__} by {role}: {answer.status_code} {answer.text}")
    assert not shut, "\n".join(shut)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    columns = ", ".join(f"{column} {calls}" for column, calls in counted.items())
    tell(f"isolation matrix: {len(OPERATIONS)} operations, {counted.total():,} calls: {columns}")


def _faults(operation: Operation, cell: Cell) -> Iterator[str]:
    """What is wrong with the answer to one cell."""
    counted[cell.column] += 1
    answer = ask(operation, cell.caller, cell.ids)
    told = f"{operation.method} {operation.path} | {cell.column} | {answer.status_code} {answer.text[:300]}"
    if answer.status_code not in cell.statuses:
        yield f"{told}: not {cell.statuses}"
    elif cell.code is not None and answer.json()["code"] != cell.code:
        yield f"{told}: not {cell.code}"
    if _shows(answer, cell):
        yield f"{told}: shows what is private"
    if cell.same_as is not None:
        counted["same as nobody's"] += 1
        nobodys = ask(operation, cell.caller, cell.same_as)
        if not same(answer, cell.ids, nobodys, cell.same_as):
            yield f"{told}: ids that nobody has are answered {nobodys.status_code} {nobodys.text[:300]}"


def _shows(answer: httpx.Response, cell: Cell) -> bool:
    sent = set(cell.ids.values())
    return any(word in answer.text for word in cell.hidden if word not in sent)
