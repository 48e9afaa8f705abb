"""Files that a queue writes piece by piece: the same rows as in one call, whatever breaks off."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.work import export_files
from marketplace.exports import file as files
from marketplace.exports.file import LIFE_SECONDS, PIECES_MAX, Export, ExportFile, FileStatus
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from marketplace_client import Conflict, Marketplace, models
from tests.people import Caller, World

FILE = ExportFile("fex_1", Export.JOURNAL, 0, 10, 10, asked_by="a", asked_at=0)


class Crash(BaseException):
    """The process is gone."""


def asked(world: World, finance: Caller, export: str) -> tuple[str, str]:
    """The id of a file of the last hours, and the same in one call."""
    first, end = world.in_seconds(-7_200), world.in_seconds(60)
    body = {"export": export, "from": first, "to": end}
    made = finance.post("/v1/finance/export-files", body, status=201)
    direct = finance.call("GET", f"/v1/finance/exports/{export}?from={first}&to={end}")
    return made["id"], direct.content.decode()


def fetched(world: World, finance: Caller, file_id: str) -> str:
    content = io.BytesIO()
    with Marketplace(world.system.base_url, finance.token) as market:
        market.fetch_export_file(file_id, content)
    return content.getvalue().decode()


def rows(text: str) -> list[list[str]]:
    columns, *found = csv.reader(io.StringIO(text, newline=""))
    return [columns, *sorted(found)]


@pytest.mark.parametrize("export", ["journal", "payouts", "fees", "earnings"])
def test_a_file_that_was_asked_for_holds_what_a_call_answers_with(
    world: World, hours_of_its_own: None, monkeypatch: pytest.MonkeyPatch, export: str
) -> None:
    monkeypatch.setattr(export_files, "JOURNALS_PER_PIECE", 1)
    monkeypatch.setattr(export_files, "BUCKETS_PER_PIECE", 1)
    world.client(USD=50_000)
    finance = world.person("finance")
    file_id, direct = asked(world, finance, export)
    world.settle()
    told = finance.get(f"/v1/finance/export-files/{file_id}")
    assert (told["status"], told["rows"]) == ("ready", len(rows(direct)) - 1)
    assert rows(fetched(world, finance, file_id)) == rows(direct)
    assert finance.get("/v1/finance/export-files")["data"][0]["id"] == file_id
    world.settle()
    act = world.person("operator").get(f"/v1/audit-events?subject=export:{export}")["data"][0]
    assert act["type"] == "finance.exported"

    world.advance(seconds=LIFE_SECONDS)
    assert finance.get(f"/v1/finance/export-files/{file_id}")["status"] == "expired"
    with Marketplace(world.system.base_url, finance.token) as market, pytest.raises(Conflict):
        market.fetch_export_file(file_id, io.BytesIO())


def breaking(port: Any, touched: Callable[[], None]) -> Any:
    """A port whose calls are counted before and after they have had their effect."""

    class Breaking:
        def __getattr__(self, name: str) -> Any:
            real = getattr(port, name)

            def call(*given: Any, **named: Any) -> Any:
                touched()
                answer = real(*given, **named)
                touched()
                return answer

            return call

    return Breaking()


def test_a_step_that_breaks_off_anywhere_and_comes_again_changes_nothing_of_the_file(
    world: World, hours_of_its_own: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "JOURNALS_PER_PIECE", 1)
    monkeypatch.setattr(files, "PIECE_BYTES_MIN", 1)  # each is joined to the others by the store
    world.client(USD=50_000)
    world.settle()
    runtime, finance, touches = world.system.runtime, world.person("finance"), 0
    file_id, direct = asked(world, finance, "journal")
    event = Event(
        new_id("evt"), EventType.EXPORT_FILE_PREPARING, runtime.clock.now(), "t", "req_1", (file_id,)
    )

    def status() -> FileStatus:
        found = runtime.store.read(ExportFile, file_id)
        assert found is not None
        return found[0].status

    def delivered(crash_at: int) -> int:
        """How often a delivery that is killed at that touch got through to the outside."""
        count = 0

        def touched() -> None:
            nonlocal count
            count += 1
            if count == crash_at:
                raise Crash

        ports = {"store": breaking(runtime.store, touched), "objects": breaking(runtime.objects, touched)}
        named = {name: getattr(runtime, name) for name in ("reads", "clock")}
        try:
            export_files.work(event, SimpleNamespace(**named, **ports))  # type: ignore[arg-type]
        except Crash:
            touches_seen.append(count)
        return count

    touches_seen = list[int]()
    while status() == FileStatus.PREPARING:
        touches += 1
        if delivered(touches) < touches:
            touches = 0
    assert len(touches_seen) > 1
    world.settle()
    assert rows(fetched(world, finance, file_id)) == rows(direct)


def test_pieces_that_are_too_small_to_be_joined_are_written_again_with_what_follows() -> None:
    small, large = files.PIECE_BYTES_MIN - 1, files.PIECE_BYTES_MIN
    file = FILE
    for size, reached in ((large, 1), (small, 2), (large, 3), (small, 4), (small, None)):
        file = file.written(size=size, rows=1, reached=reached, at=5)
    assert (file.pieces, file.open_piece, file.is_read, file.rows) == ((0, 2, 4), None, True, 5)
    assert file.status == FileStatus.PREPARING


def test_a_file_that_nobody_could_join_fails_and_says_so() -> None:
    full = replace(FILE, pieces=tuple(range(PIECES_MAX)), step=PIECES_MAX)
    failed = full.written(size=files.PIECE_BYTES_MIN, rows=1, reached=7, at=5)
    assert (failed.status, failed.failure, failed.due_at) == (FileStatus.FAILED, files.TOO_LARGE, None)


def test_a_span_has_a_length_and_what_is_not_ready_is_not_fetched(world: World) -> None:
    finance, at = world.person("finance"), world.in_seconds(0)
    body = {"export": "fees", "from": at, "to": at}
    assert finance.refused("/v1/finance/export-files", body) == (422, "invalid_request")
    assert finance.refused("/v1/finance/export-files/fex_0/content", method="GET") == (404, "not_found")
    with Marketplace(world.system.base_url, finance.token) as market:
        span = {"from": datetime.fromisoformat(at), "to": datetime.fromisoformat(world.in_seconds(9))}
        made = market.request_export_file(models.NewExportFile(export="fees", **span))
    assert made.status == "preparing"
    world.settle()
