"""A balance at any instant is the fold of the journals up to it, however late they came and whatever is
sealed or summed up; and looking it up costs the same however long the history is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from marketplace.ledger.totals import Sides, Totals
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.storage import account_sums, codec, ledger, marks, statements, trail
from marketplace.storage.marks import Marks
from marketplace.storage.meter import Meter
from marketplace.storage.statements import position_of
from sandbox.system import System
from tests.past import FIRST_YEAR, past, seal_all

DAY = 86_400
CURRENCY = "MOP"
CURRENCIES = ("TOP", "WST", CURRENCY)
"""Nobody else in these tests posts in them."""
BANK, LOSSES = "platform:bank", "platform:losses"


@pytest.fixture(autouse=True)
def long_ago(system: System) -> Iterator[None]:
    with past():
        yield


def posted(
    at: int, amount: int, *, client: str = "", written: int | None = None, currency: str = CURRENCY
) -> Event:
    """Money from the bank into a wallet, or to the losses."""
    event_id = new_id("evt")
    other = f"client:{client}:wallet" if client else LOSSES
    postings = (Posting(BANK, debit=amount), Posting(other, credit=amount))
    journal = Journal(renamed(event_id, "jrn"), currency, at, "swept", postings)
    plain = Event(event_id, EventType.STRIPE_FEE_POSTED, at, "test", "", ())
    return replace(plain, journal=journal, written_ms=(at if written is None else written) * 1_000)


def write(*events: Event) -> None:
    for event in events:
        Marks().ensure(event.written_ms)
        codec.event_item(event).save()


def project(system: System, *events: Event, now: int) -> None:
    trail.project(system.runtime.store.connection, events)
    account_sums.keep_up(events, now)


def journals(*events: Event) -> list[Journal]:
    return [event.journal for event in events if event.journal]


def fold(events: list[Event], at: int) -> Totals:
    return Totals.of(one for one in journals(*events) if one.at <= at)


def at_the_bank(totals: Totals, currency: str) -> int:
    return totals.accounts(currency).get(BANK, Sides()).debits


@pytest.mark.parametrize("currency", [CURRENCIES[0], pytest.param(CURRENCIES[1], marks=pytest.mark.deep)])
def test_the_trial_balance_of_any_instant_is_the_fold_of_all_journals_up_to_it(
    system: System, currency: str
) -> None:
    chance, start = random.Random(currency), 1_262_304_000 + CURRENCIES.index(currency) * 400 * DAY
    events = []
    for _ in range(10):
        written = start + chance.randrange(70 * DAY)
        late = chance.choice((0, 0, 0, 1, 1_000, 3 * DAY, 40 * DAY))
        amount = chance.randrange(1, 1_000)
        events.append(posted(written - late, amount, written=written, currency=currency))
    write(*events)
    for sealed in (0, start + 20 * DAY, start + 100 * DAY):
        seal_all(sealed)
        for _ in range(3):
            one = chance.choice(events).at
            at = chance.choice((one - 1, one, one + 1, chance.randrange(start - 50 * DAY, start + 80 * DAY)))
            assert at_the_bank(ledger.totals(at), currency) == at_the_bank(fold(events, at), currency)
        assert at_the_bank(ledger.totals(), currency) == at_the_bank(fold(events, start + 99 * DAY), currency)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 5))])
def test_an_account_s_balance_before_any_line_is_the_fold_of_the_lines_before_it(
    system: System, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(account_sums, "EVERY", 4)
    chance, client, now = random.Random(seed), new_id("cli"), 1_100_000_000
    account, events = f"client:{client}:wallet", list[Event]()
    for _ in range(40):
        now += chance.choice((1, 600, 5_000, DAY))
        late = chance.choice((0, 0, 0, 0, 60, 1_000, 10_000, 10 * DAY))
        events.append(posted(now - late, chance.randrange(1, 500), client=client))
        project(system, events[-1], now=now)
        if chance.random() < 0.1:
            project(system, chance.choice(events), now=now)
        asked = chance.choice((now, chance.choice(events).at, chance.randrange(now - 20 * DAY, now + 1)))
        expected = fold(events, asked).of_account(account)
        assert account_sums.at(account, asked) == expected
    assert len(list(account_sums._kept(account, position_of(now), consistent_read=True))) > 1


def test_a_sum_that_a_late_line_overtook_counts_for_nothing(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = new_id("cli"), 1_050_000_000
    account = f"client:{client}:wallet"
    project(system, posted(now - 2 * DAY, 5, client=client), now=now - 2 * DAY)
    late = posted(now - 2 * DAY - 5, 7, client=client)
    plain = statements.span

    def overtaken(*given: object, **how: object) -> Iterator[statements.StatementLine]:
        found = list(plain(*given, **how))  # type: ignore[arg-type]
        monkeypatch.setattr(statements, "span", plain)
        project(system, late, now=now)
        return iter(found)

    monkeypatch.setattr(statements, "span", overtaken)
    account_sums.sum_up(account, now - DAY)
    assert account_sums.at(account, now) == {CURRENCY: Sides(0, 12)}


def instant(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def units(system: System, look: Callable[[], object]) -> float:
    with system.time.standing_still(), Meter(system.runtime.store.connection.client) as meter:
        look()
    spent = meter.spent
    return spent.read_units + spent.index_read_units


def test_a_longer_history_costs_no_more_to_look_a_trial_balance_up_in(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looks stand on the same days of a year: what is carried and what is open differs in a month."""
    known = marks.months
    monkeypatch.setattr(marks, "months", lambda: [month for month in known() if month < FIRST_YEAR])
    costs = []
    for year in (2006, 2009):
        for month in range(1, 13):
            write(posted(instant(year, month, 5), 1))
        seal_all(instant(year, 12, 20))
        looks = [units(system, partial(ledger.totals, instant(year, month, 9))) for month in (10, 11, 12)]
        costs.append(max(looks))
    assert costs[1] <= costs[0]
    assert at_the_bank(ledger.totals(instant(2009, 12, 31)), CURRENCY) == 24


def test_a_longer_statement_costs_no_more_to_look_a_balance_up_in(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_sums, "EVERY", 10)
    client, now, costs = new_id("cli"), 1_000_000_000, []
    account, events = f"client:{client}:wallet", list[Event]()
    for lines in (150, 600):
        while len(events) < lines:
            batch = [posted(now + 30 * step, 1, client=client) for step in range(50)]
            now += 30 * 50
            events += batch
            project(system, *batch, now=now)
        looks = [
            units(system, partial(account_sums.at, account, at)) for at in range(now - 20_000, now, 5_000)
        ]
        costs.append(max(looks))
        assert account_sums.at(account, now) == {CURRENCY: Sides(0, lines)}
    assert costs[1] <= costs[0] + 4
