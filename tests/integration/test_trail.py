"""The projection: statements and histories, the same however often and in whatever order it is done."""

from dataclasses import replace

from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.storage import statements, trail
from marketplace.storage.models import TrailItem
from sandbox.system import System

DAY = 86_400
NOON = 1_600_000_000 // DAY * DAY + DAY // 2


def transfer(client: str, at: int, amount: int, *references: str) -> Event:
    event_id = new_id("evt")
    postings = (Posting("platform:suspense", debit=amount), Posting(f"client:{client}:wallet", credit=amount))
    journal = Journal(renamed(event_id, "jrn"), "USD", at, "found", postings, references)
    plain = Event(event_id, EventType.TOP_UP_SUCCEEDED, at, "test", new_id("req"), about=(client,))
    return replace(plain, journal=journal)


def rows_of(*abouts: str) -> list[tuple[str, str, str]]:
    return [(row.about, row.position, row.body) for about in abouts for row in TrailItem.query(about)]


def test_projecting_again_and_in_another_order_leaves_the_same_rows(system: System) -> None:
    connection, client = system.runtime.store.connection, new_id("cli")
    events = [transfer(client, NOON + hours * 3_600, 5 + hours, f"ch_{client}") for hours in range(5)]
    for event in events:
        trail.project(connection, [event])
    abouts = (client, f"client:{client}:wallet", f"ch_{client}", events[0].request_id)
    first = rows_of(*abouts)
    for event in reversed(events):
        trail.project(connection, [event])
    assert rows_of(*abouts) == first
    assert len(first) == 5 + 5 + 5 + 1


def test_an_event_of_more_rows_than_a_batch_is_projected_whole(system: System) -> None:
    names = [new_id("mil") for _ in range(60)]
    plain = Event(new_id("evt"), EventType.CONTRACT_FUNDED, NOON, "test", "", about=tuple(names))
    trail.project(system.runtime.store.connection, [plain])
    assert [trail.history(name, limit=2)[0].event_id for name in names] == [plain.id] * 60


def test_a_statement_pages_newest_first_without_gaps(system: System) -> None:
    client = new_id("cli")
    for number in range(7):
        trail.project(system.runtime.store.connection, [transfer(client, NOON + number, number + 1)])
    account, before, seen = f"client:{client}:wallet", None, []
    for _ in range(10):
        lines, before = statements.page(account, limit=3, before=before)
        seen += [line.credit for line in lines]
        if before is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_platform_account_pages_across_its_days(system: System) -> None:
    account, client = "platform:suspense", new_id("cli")
    long_ago = NOON - 4_000 * DAY
    for days in (0, 1, 9):
        for second in (0, 1):
            at = long_ago + days * DAY + second
            trail.project(system.runtime.store.connection, [transfer(client, at, 10 * days + second + 1)])
    before: str | None = f"{long_ago + 10 * DAY:012d}"
    seen = []
    while before is not None:
        lines, before = statements.page(account, limit=2, before=before)
        seen += [line.debit for line in lines if line.against == (f"client:{client}:wallet",)]
    assert seen == [92, 91, 12, 11, 2, 1]


def test_a_span_holds_its_first_second_and_not_its_last(system: System) -> None:
    client, start = new_id("cli"), NOON - 5_000 * DAY
    for at in (start - 1, start, start + DAY, start + 2 * DAY - 1, start + 2 * DAY):
        trail.project(system.runtime.store.connection, [transfer(client, at, 1)])
    found = statements.between("platform:suspense", start, start + 2 * DAY)
    assert [line.at for line in found] == [start, start + DAY, start + 2 * DAY - 1]
