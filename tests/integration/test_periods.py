"""A month that is closed stays as it was: what comes late is dated to the first open one."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.types import rfc3339
from marketplace.closing.period import SETTLING_SECONDS, SUM_UP_SECONDS, Period
from marketplace.ledger import postings
from marketplace.reconciliation.entering import ENTERING_ID
from marketplace.reconciliation.matching import Outcome
from marketplace.reconciliation.run import BREAKS_MAX
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.shared.months import month_end, month_of, month_start
from marketplace.shared.running import run
from marketplace.shared.store import Commit
from marketplace.shared.transaction import Transaction
from marketplace.storage import codec
from marketplace.storage.audit import audit
from marketplace.storage.audit_periods import STAMPED_MS, ClosedPeriods
from marketplace.storage.keys import ALL, RECONCILIATIONS
from marketplace.storage.marks import Marks
from marketplace.storage.models import HeadItem
from marketplace.storage.written_journals import real_ms
from sandbox.system import System
from tests.bench import Bench, Person
from tests.doors import knock
from tests.months import compared, found_at_stripe, next_month, recorded, settle
from tests.people import usd

DAY_SECONDS = 86_400


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


@pytest.fixture(scope="module")
def finance(bench: Bench) -> Person:
    return bench.person("finance")


def refusal(by: Person, path: str, key: str = "") -> tuple[int, str]:
    answer = knock(by.call(path, key=key))
    return answer.status, answer.body["code"]


def seen(finance: Person, contract: str, month: str) -> list[Any]:
    """What the month looks like from outside, and what its contract held at the end of it."""
    span = f"from={month}-01T00:00:00Z&to={month_of(month_end(month))}-01T00:00:00Z"
    account = f"finance/accounts/contract:{contract}:hold"
    return [
        finance.get(f"{account}/statement?{span}"),
        knock(finance.call(f"finance/exports/journal?{span}", method="GET")).text,
        finance.get(f"finance/periods/{month}"),
    ]


def submitted(bench: Bench, client: Person, worker: Person) -> str:
    """A milestone that silence approves in 14 days."""
    contract = bench.by_milestones(client, worker, 10_000)
    client.post(f"contracts/{contract}/fund", {"amount": usd(10_000)})
    milestone = client.get(f"contracts/{contract}")["milestones"][0]["id"]
    worker.post(f"contracts/{contract}/milestones/{milestone}/submit", {"note": "Done"})
    return contract


def test_a_closed_month_stays_as_it_was_whatever_comes_late(bench: Bench, finance: Person) -> None:
    bench.pass_time(month_end(month_of(bench.now)) - bench.now)
    client, worker = bench.client(), bench.worker()
    bench.card_paid(client, 50_000)()
    contract = submitted(bench, client, worker)
    due_at = bench.now + 14 * DAY_SECONDS
    month = next_month(bench)
    settle(bench)

    closed = finance.post(f"finance/periods/{month}/close")
    assert (closed["id"], closed["status"], closed["totals"]) == (month, "closed", None)
    bench.pass_time(SUM_UP_SECONDS)
    bench.timer(f"prd_{month}", bench.now)()
    before = seen(finance, contract, month)
    (total,) = before[-1]["totals"]
    assert total == {"currency": "USD", "debits": 60_000, "credits": 60_000, "posted": 60_000}

    bench.timer(contract, due_at)()
    settle(bench)
    assert seen(finance, contract, month) == before
    (posting,) = finance.get(f"finance/accounts/worker:{worker.id}:available/postings")["data"]
    journal = finance.get(f"finance/journals/{posting['journal_id']}")
    assert journal["created_at"] == posting["created_at"] == before[-1]["ends_at"]
    event = bench.store.event(posting["event_id"])
    assert event is not None
    assert event.at == due_at


def test_months_are_closed_when_they_are_over_and_in_their_order(bench: Bench, finance: Person) -> None:
    bench.card_paid(bench.client(), 50_000)()
    first = month_of(bench.now)
    bench.pass_time(month_end(first) + SETTLING_SECONDS - 1 - bench.now)
    second = month_of(bench.now)
    for early in (first, second):
        assert refusal(finance, f"finance/periods/{early}/close") == (409, "illegal_transition")
    for malformed in ("2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", "1969-12", "always"):
        assert refusal(finance, f"finance/periods/{malformed}/close") == (404, "not_found")
    assert finance.get(f"finance/periods/{second}")["status"] == "open"
    future = knock(finance.call(f"finance/periods/{month_of(month_end(second))}", method="GET"))
    assert future.status == 404

    next_month(bench, reconciled=False)
    refused = knock(finance.call(f"finance/periods/{second}/close"))
    assert (refused.status, refused.body["detail"].rpartition(": ")[2]) == (409, f"close {first} first")
    compared(bench, month_start(first), month_end(first))
    finance.post(f"finance/periods/{first}/close")
    third = next_month(bench)  # nothing was posted in the second
    asked = f"finance/periods/{third}/close"
    assert refusal(finance, asked) == (409, "not_reconciled")  # its own days are, those before are not
    compared(bench, month_start(second), month_end(second))
    assert finance.post(asked)["closed_with"] is None
    assert finance.get(f"finance/periods/{second}")["closed_with"] == third


def test_an_open_exception_keeps_a_month_open_and_timing_does_not(bench: Bench, finance: Person) -> None:
    month = next_month(bench)
    found_at_stripe(bench, month_end(month) - 1, Outcome.TIMING)
    later = found_at_stripe(bench, month_end(month))
    found = [found_at_stripe(bench, at) for at in (month_start(month), month_end(month) - 1)]
    asked, key = f"finance/periods/{month}/close", uuid.uuid4().hex
    refused = knock(finance.call(asked, key=key))
    assert (refused.status, refused.code) == (409, "exceptions_open")
    assert f"2 in {month}" in refused.body["detail"]
    assert {one["id"] for one in refused.body["exceptions"]} == {one.id for one in found}
    assert finance.get(f"finance/periods/{month}")["open_exceptions"] == len(found)
    for one in (*found, later):
        finance.post(f"finance/exceptions/{one.id}/resolve", {"reason": "explained"})
    closed = knock(finance.call(asked, key=key))
    assert closed.body["status"] == "closed"
    assert knock(finance.call(asked, key=key)).text == closed.text
    assert refusal(finance, asked) == (409, "illegal_transition")
    assert finance.get("finance/periods")["data"][0]["id"] == month


def test_a_commit_that_has_read_the_books_before_they_were_closed_reads_them_again(
    bench: Bench, finance: Person
) -> None:
    client, worker = bench.client(), bench.worker()
    bench.card_paid(client, 50_000)()
    contract = submitted(bench, client, worker)
    month, due_at = month_of(bench.now), bench.now + 14 * DAY_SECONDS
    bench.pass_time(month_end(month_of(due_at)) + SETTLING_SECONDS - bench.now)
    compared(bench, month_start(month), month_end(month_of(due_at)))
    commit = bench.store.commit

    def overtaken(staged: Commit) -> None:
        bench.store.commit = commit  # type: ignore[method-assign]
        for name in dict.fromkeys((month, month_of(due_at))):
            finance.post(f"finance/periods/{name}/close")
        commit(staged)

    bench.store.commit = overtaken  # type: ignore[method-assign]
    bench.timer(contract, due_at)()
    settle(bench)
    (posting,) = finance.get(f"finance/accounts/worker:{worker.id}:available/postings")["data"]
    assert posting["created_at"] == f"{month_of(month_end(month_of(due_at)))}-01T00:00:00Z"


def test_a_month_is_closed_when_each_of_its_days_was_compared_after_it_was_over(
    bench: Bench, finance: Person
) -> None:
    month = next_month(bench, reconciled=False)
    start, end, asked = month_start(month), month_end(month), f"finance/periods/{month}/close"
    compared(bench, start, start + 20 * DAY_SECONDS, began=start + 9 * DAY_SECONDS + 60)
    compared(bench, start, end, missing_in_stripe=BREAKS_MAX + 1)  # more than are kept to be explained
    compared(bench, start + 11 * DAY_SECONDS, end - 1)
    refused = knock(finance.call(asked))
    assert (refused.status, refused.code) == (409, "not_reconciled")
    days = [{"from": f"{month}-10T00:00:00Z", "to": f"{month}-12T00:00:00Z"}]
    days += [{"from": rfc3339(end - DAY_SECONDS), "to": rfc3339(end)}]
    assert refused.body["missing"] == finance.get(f"finance/periods/{month}")["unreconciled"] == days
    compared(bench, start + 9 * DAY_SECONDS, start + 11 * DAY_SECONDS)
    compared(bench, end - 1, end)
    closed = finance.post(asked, {})
    assert (closed["unreconciled"], closed["forced"]) == ([], None)


def fee_at_stripe(bench: Bench, at: int) -> None:
    """Of a charge then, and posted only now."""

    def posted(tx: Transaction) -> None:
        tx.post("USD", "Stripe's fee", postings.stripe_fee(7), references=("txn_late",))
        tx.publish(EventType.STRIPE_FEE_POSTED, about=("txn_late",))

    run(bench.store, Cause(new_id("evt"), "test", new_id("req"), at), posted)


def test_a_month_that_something_late_came_into_is_compared_again_before_it_is_closed(
    bench: Bench, finance: Person
) -> None:
    month = next_month(bench, reconciled=False)
    start, end, asked = month_start(month), month_end(month), f"finance/periods/{month}/close"
    compared(bench, start, end, began_ms=real_ms())
    before, tenth = real_ms(), start + 9 * DAY_SECONDS
    fee_at_stripe(bench, tenth + 60)
    compared(bench, tenth - DAY_SECONDS, tenth + DAY_SECONDS, began_ms=before)
    refused = knock(finance.call(asked))
    assert (refused.status, refused.code) == (409, "not_reconciled")
    assert refused.body["missing"] == [{"from": rfc3339(tenth), "to": rfc3339(tenth + DAY_SECONDS)}]
    compared(bench, tenth, tenth + DAY_SECONDS, began_ms=real_ms() + 1)
    assert finance.post(asked)["unreconciled"] == []


def test_who_closes_a_month_by_force_says_why_and_stands_for_it(bench: Bench, finance: Person) -> None:
    month = next_month(bench, reconciled=False)
    found = found_at_stripe(bench, month_start(month))
    asked, key = f"finance/periods/{month}/close", uuid.uuid4().hex
    assert refusal(finance, asked) == (409, "exceptions_open")
    assert refusal(finance, f"finance/periods/{month_of(bench.now)}/close") == (409, "illegal_transition")
    body = {"force_reason": "Stripe's list cannot be read this week"}
    closed = knock(finance.call(asked, body, key=key))
    assert knock(finance.call(asked, body, key=key)).text == closed.text
    stands = finance.get(f"finance/periods/{month}")
    assert stands["closed_by"] == closed.body["closed_by"]
    assert (
        stands["forced"]
        == closed.body["forced"]
        == {
            "reason": body["force_reason"],
            "unreconciled": [{"from": rfc3339(month_start(month)), "to": rfc3339(month_end(month))}],
            "open_exceptions": 1,
        }
    )
    finance.post(f"finance/exceptions/{found.id}/resolve", {"reason": "explained"})


def test_what_was_open_before_there_were_lists_of_it_keeps_a_month_open_too(
    bench: Bench, finance: Person
) -> None:
    month = next_month(bench)
    newest = next(one.id for one in bench.runtime.reads.every(RECONCILIATIONS, ALL))
    old = [found_at_stripe(bench, month_start(month), run=newest) for _ in range(2)]
    finance.post(f"finance/exceptions/{old[1].id}/resolve")
    for one in old:
        HeadItem(one.id).update([HeadItem.list2.remove()])
    HeadItem(ENTERING_ID).delete()
    assert finance.get(f"finance/periods/{month}")["open_exceptions"] == 0
    refused = knock(finance.call(f"finance/periods/{month}/close"))
    assert [one["id"] for one in refused.body["exceptions"]] == [old[0].id]
    finance.post(f"finance/exceptions/{old[0].id}/resolve")
    finance.post(f"finance/periods/{month}/close")


def planted(at: int, written_ms: int) -> Event:
    """Money that came from nowhere, as it would be kept."""
    postings = (Posting("platform:bank", debit=1), Posting("platform:losses", credit=1))
    event = Event(new_id("evt"), EventType.STRIPE_FEE_POSTED, at, "test", new_id("req"), ())
    journal = Journal(renamed(event.id, "jrn"), "USD", at, "planted", postings)
    return replace(event, journal=journal, written_ms=written_ms)


def test_the_audit_names_what_was_posted_into_a_closed_month(bench: Bench, finance: Person) -> None:
    month = next_month(bench)
    finance.post(f"finance/periods/{month}/close")
    bench.pass_time(SUM_UP_SECONDS)
    bench.timer(f"prd_{month}", bench.now)()
    settle(bench)
    assert not audit(bench.store).breaches

    closing = bench.read(Period, f"prd_{month}").event
    closed_ms = next(event.written_ms for event in recorded() if event.id == closing)
    inside, after = month_end(month) - 1, month_end(month)
    late = [planted(at, closed_ms + STAMPED_MS + 1) for at in (inside, after)]
    beside = planted(inside, closed_ms + STAMPED_MS)
    closed = ClosedPeriods(bench.store, bench.runtime.reads)
    assert [b.subject for event in (*late, beside) for b in closed.posted_late(event)] == [late[0].id]

    for event in (*late, beside):
        Marks().ensure(event.written_ms)
        codec.event_item(event).save()
    found = {(breach.law, breach.subject) for breach in audit(bench.store).breaches}
    assert {(1, late[0].id), (2, f"prd_{month}")} <= found
    assert not {(1, late[1].id), (1, beside.id)} & found
