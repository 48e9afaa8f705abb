"""Planted bugs in balances of the past, statements and the audit: each is noticed."""

from collections.abc import Callable, Iterator

import pytest
from pynamodb.attributes import NumberAttribute

from chalicelib.api import statements as doors
from marketplace.ledger.totals import Sides, Totals
from marketplace.shared.ids import new_id
from marketplace.storage import account_sums, audit, audit_nightly, ledger, rollups, seals, statements
from marketplace.storage.audit_touched import TouchedLook
from marketplace.storage.models import BalanceItem
from marketplace.storage.statements import EVER
from sandbox.system import System
from tests.integration.test_balances_at import CURRENCY, DAY, at_the_bank, posted, project, write
from tests.past import past, seal_all
from tests.people import World
from tests.simulation.mutants import Change, rewritten

LONG_AGO = 978_307_200
"""2001-01-01: each check takes days of its own."""


@pytest.fixture(autouse=True)
def long_ago(system: System) -> Iterator[None]:
    with past():
        yield


_days = iter(range(LONG_AGO, LONG_AGO + 9_000 * DAY, 120 * DAY))


def the_past_is_exact(world: World) -> None:
    """Before, at and after each journal's instant, one of them late: not sealed, sealed and rolled up."""
    start = next(_days)
    before = at_the_bank(ledger.totals(start), CURRENCY)
    write(
        posted(start + 60, 5, written=start + 70),
        posted(start + 61, 7, written=start + 32 * DAY),
        posted(start + 62, 9, written=start + 75),
        posted(start + 75 * DAY, 1),
    )
    for until in (0, start + DAY, start + 80 * DAY):
        seal_all(until)
        found = [at_the_bank(ledger.totals(start + second), CURRENCY) - before for second in (59, 60, 61, 62)]
        assert found == [0, 5, 12, 21]


def running_balances_lead_to_the_account_s(world: World) -> None:
    """Money came, half of it went back, and more came, the last of it late."""
    client, start = new_id("cli"), next(_days)
    account = f"client:{client}:wallet"
    for seconds, amount in ((1, 10), (2, -4), (9_000, 3), (3, 20)):
        event = posted(start + seconds, abs(amount), client=client)
        if amount < 0 and event.journal:
            sides = tuple(type(p)(p.account, debit=p.credit, credit=p.debit) for p in event.journal.postings)
            event = type(event)(**{**vars(event), "journal": _with(event.journal, sides)})
        project(world.system, event, now=start + 9_000)
        account_sums.sum_up(account, start + 8_000)
    lines, _ = statements.page_onwards(account, limit=9, period=EVER)
    balances = [-balance for _, balance in doors.running(lines, {})]
    assert balances == [10, 6, 26, 29]
    assert account_sums.at(account, start + 9_000) == {CURRENCY: Sides(debits=4, credits=33)}


def _with(journal: object, postings: object) -> object:
    return type(journal)(**{**vars(journal), "postings": postings})


def the_audit_sees_what_is_not_sealed_yet(world: World) -> None:
    """The wallet was filled a moment ago: nobody has sealed that, and more is kept than was posted."""
    client, amount = world.client(USD=5_000), NumberAttribute(attr_name="USD_wallet")
    BalanceItem(f"client:{client.id}").update([amount.add(1)])
    found = audit.audit(world.system.runtime.store).breaches
    BalanceItem(f"client:{client.id}").update([amount.add(-1)])
    details = [breach.detail for breach in found if client.id in breach.subject]
    assert details == ["+1 USD is kept beside what was posted"]


def the_nightly_audit_counts_what_was_before(world: World) -> None:
    """What the last night has looked at counts on."""
    client, start = new_id("cli"), next(_days)
    account = f"client:{client}:wallet"
    for at, amount in ((start, 5), (start + 4 * DAY, 6)):
        event = posted(at, amount, client=client)
        write(event)
        project(world.system, event, now=at)
    seals.move_cursor(audit_nightly.AUDITED, start + 2 * DAY)
    found = audit_nightly.audit_since_the_last(world.system.runtime.store).breaches
    details = {breach.detail for breach in found if breach.subject == account}
    assert details == {f"-11 {CURRENCY} is kept beside what was posted"}


Check = Callable[[World], None]
PLANTED: dict[str, tuple[Change, Check]] = {
    "as of an instant means before the next but one": (
        rewritten(ledger.fold, "journal.at <= at", "journal.at <= at + 1"),
        the_past_is_exact,
    ),
    "as of an instant means before it": (
        rewritten(ledger.fold, "journal.at <= at", "journal.at < at"),
        the_past_is_exact,
    ),
    "a sealed part counts once it has begun": (
        rewritten(ledger._by, "part.last <= at", "part.first <= at"),
        the_past_is_exact,
    ),
    "a sealed part that spans the instant counts for nothing": (
        rewritten(ledger._by, "part.first > at else opened()", "part.last > at else opened()"),
        the_past_is_exact,
    ),
    "rolled up sums forget the time of their journals": (
        rewritten(Totals.merge, "self._spans(other.first, other.last)", "None"),
        the_past_is_exact,
    ),
    "a day is rolled up and read as seals once more": (
        rewritten(ledger.totals, "if start >= days_until", "if True"),
        the_past_is_exact,
    ),
    "a month's late journals are not looked for": (
        rewritten(rollups.carried, "if month.first <= at", "if month.first > at"),
        the_past_is_exact,
    ),
    "what goes back raises the running balance": (
        rewritten(doors.running, "line.debit - line.credit", "-abs(line.debit - line.credit)"),
        running_balances_lead_to_the_account_s,
    ),
    "lines that come late leave no mark": (
        rewritten(account_sums.keep_up, "at < now - LATE_SECONDS", "False"),
        running_balances_lead_to_the_account_s,
    ),
    "sums that a late line overtook still count": (
        rewritten(account_sums._summed, 'body["marks"] == _stamp(marks, row.position)', "True"),
        running_balances_lead_to_the_account_s,
    ),
    "the audit skips what is not sealed": (
        rewritten(
            audit.WholeLook._events,
            "in marks.marked():",
            'in (s for s in marks.marked() if s < seals.cursor("until")):',
        ),
        the_audit_sees_what_is_not_sealed_yet,
    ),
    "the nightly audit forgets what was before": (
        rewritten(TouchedLook._post, "account_sums.at(account, _ALWAYS)", "{}"),
        the_nightly_audit_counts_what_was_before,
    ),
}


@pytest.mark.deep
@pytest.mark.parametrize("check", dict.fromkeys(check for _, check in PLANTED.values()))
def test_without_a_bug_it_holds(world: World, check: Check) -> None:
    check(world)


QUICK = (
    "as of an instant means before the next but one",
    "what goes back raises the running balance",
    "the audit skips what is not sealed",
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.deep) for name in PLANTED]
)
def test_a_planted_bug_is_noticed(world: World, name: str) -> None:
    change, check = PLANTED[name]
    with change(), pytest.raises(AssertionError):
        check(world)
