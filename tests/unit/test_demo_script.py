"""The demo's script and its arithmetic; the play itself is shown by `make demo`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.demo.currencies import written
from sandbox.demo.loading import DayRefused, load_market_day
from sandbox.demo.positions import Positions
from sandbox.demo.script import DAY_BYTES_MAX, HEARTBEATS_MAX, MarketDay, MinutePay, Rate
from sandbox.demo.terms import billable_seconds, day_terms, fee_of, minutes_gross

DAY_FILE = Path(__file__).parents[2] / "sandbox" / "demo" / "market_day.json"
TEXT = DAY_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def day() -> MarketDay:
    return load_market_day(DAY_FILE)


def refusal(tmp_path: Path, content: str | bytes) -> DayRefused:
    """What `load_market_day` says to a file with this content."""
    file = tmp_path / "day.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DayRefused) as refused:
        load_market_day(file)
    return refused.value


def line_with(text: str, needle: str, *, occurrence: int = 1) -> int:
    """1-based line of the n-th line that contains `needle`."""
    return [number for number, line in enumerate(text.splitlines(), 1) if needle in line][occurrence - 1]


def test_the_committed_day_is_as_big_as_promised(day: MarketDay) -> None:
    assert len(day.companies) >= 6
    assert len(day.workers) >= 40
    assert len({worker.country for worker in day.workers}) >= 5
    assert len(day.currencies) >= 3
    assert "JPY" in day.currencies
    assert len(day.tasks) >= 30
    assert len(day.bids) >= 120
    assert len(day.contracts) >= 25
    assert {contract.model for contract in day.contracts} == {"milestone", "per_minute"}
    assert len(day.sessions) >= 100
    assert sum(session.heartbeats for _, session in day.sessions) <= HEARTBEATS_MAX


def test_the_committed_day_has_rework_silence_and_spare_seats(day: MarketDay) -> None:
    awarded = [contract.task for contract in day.contracts]
    assert any(
        delivery.changes
        for contract in day.contracts
        if contract.model == "milestone"
        for delivery in contract.deliveries
    )
    assert any(session.end == "silence" for _, session in day.sessions)
    assert any(session.approval == "silence" for _, session in day.sessions)
    assert any(awarded.count(task.key) == 0 for task in day.tasks)
    assert any(awarded.count(task.key) == 2 for task in day.tasks)


def test_the_committed_day_names_every_kind_of_work(day: MarketDay) -> None:
    assert {task.category for task in day.tasks} == {
        "e-commerce product listing",
        "claims processing",
        "appointment reminders",
        "overflow chat",
        "translation",
        "survey calls",
        "data cleansing",
        "image labelling",
    }


@pytest.mark.parametrize(
    ("found", "put", "reason"),
    [
        ('"country": "US"', '"country": "usa"', "companies[0].country: "),
        ('{"amount": 180000, "currency": "USD"}', '{"amount": 1800.5, "currency": "USD"}', "valid integer"),
        ('{"amount": 180000, "currency": "USD"}', '{"amount": 0, "currency": "USD"}', "greater than 0"),
        ('{"amount": 180000, "currency": "USD"}', '{"amount": true, "currency": "USD"}', "valid integer"),
        ('{"amount": 180000, "currency": "USD"}', '{"amount": NaN, "currency": "USD"}', "amount"),
        ('{"amount": 180000, "currency": "USD"}', '{"amount": 180000, "currency": "XXX"}', "paid out in XXX"),
        ('"seats": 3', '"seats": 3, "colour": "red"', ".colour: extra inputs are not permitted"),
        ('"key": "summit-mutual"', '"key": "harbor-hearth"', "'harbor-hearth' appears more than once"),
        ('"headline": "Bi', '"age": 3, "headline": "Bi', "workers[0].age: extra"),
        ('"per": "minute"', '"per": "hour"', "rate.per: input should be 'minute'"),
        ('"model": "milestone", "budget"', '"model": "salary", "budget"', "tasks[0].pay: input tag 'salary'"),
        ('"company": "harbor-hearth"', '"company": "nobody"', "no company is called 'nobody'"),
        ('"heartbeats": 6', '"heartbeats": 60', "more heartbeats than the shift's 6 rounds"),
    ],
)
def test_a_misfit_is_refused_with_its_line_and_reason(
    tmp_path: Path, found: str, put: str, reason: str
) -> None:
    assert found in TEXT
    refused = refusal(tmp_path, TEXT.replace(found, put, 1))
    assert refused.line == line_with(TEXT, found)
    assert reason in str(refused)


def edited(tmp_path: Path, change: Callable[[dict[str, list[dict[str, object]]]], None]) -> DayRefused:
    """The refusal of the committed day after `change`, written with one value a line."""
    content = json.loads(TEXT)
    change(content)
    return refusal(tmp_path, json.dumps(content, indent=1, ensure_ascii=False))


def test_milestones_must_add_up_to_the_price(tmp_path: Path) -> None:
    def dearer(day: dict[str, list[dict[str, object]]]) -> None:
        price = day["bids"][0]["price"]
        assert isinstance(price, dict)
        price["amount"] += 1

    assert "bids[0].milestones: the milestones add up to" in str(edited(tmp_path, dearer))


def test_a_bid_must_be_in_the_currency_of_its_worker(tmp_path: Path, day: MarketDay) -> None:
    european = next(worker.key for worker in day.workers if worker.currency == "EUR")

    def moved(day: dict[str, list[dict[str, object]]]) -> None:
        day["bids"][0]["worker"] = european

    assert f"the task pays USD, '{european}' has an account in EUR" in str(edited(tmp_path, moved))


def test_a_contract_needs_a_bid_and_a_free_seat(tmp_path: Path, day: MarketDay) -> None:
    rival = next(bid for bid in day.bids if bid.task == day.contracts[2].task and bid.outcome == "declined")

    def awarded(day: dict[str, list[dict[str, object]]]) -> None:
        day["contracts"][2]["worker"] = rival.worker

    def full(day: dict[str, list[dict[str, object]]]) -> None:
        day["tasks"][0]["seats"] = 1

    assert "is declined" in str(edited(tmp_path, awarded))
    assert "tasks[0].seats: 2 contracts for 1 seats" in str(edited(tmp_path, full))


def test_a_wallet_must_hold_what_its_contracts_need(tmp_path: Path) -> None:
    def poorer(day: dict[str, list[dict[str, object]]]) -> None:
        day["companies"][0]["top_ups"] = [{"amount": 100, "currency": "USD"}]

    refused = edited(tmp_path, poorer)
    assert "the contracts need" in refused.reason
    assert refused.line < 20


def test_what_is_wrong_in_a_row_is_named_not_the_list_that_it_leaves_empty(tmp_path: Path) -> None:
    def nameless(day: dict[str, list[dict[str, object]]]) -> None:
        for task in day["tasks"]:
            del task["title"]

    assert edited(tmp_path, nameless).reason.startswith("tasks[0].title: field required")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 1, "not JSON"),
        ('{\n"title": "x",\n}', 3, "not JSON"),
        ('{\n"title": "a",\n"title": "b"\n}', 3, '"title" is named twice'),
        (b'{\n"title": "\xff"}', 2, "not UTF-8"),
        ("\n".join("[" * 25) + "]" * 25, 21, "nested deeper"),
        ("[" * 100_000 + "]" * 100_000, 1, "not JSON that can be read"),
        ('{"title": "x"}', 1, "companies: field required (and 5 more)"),
        (b" " * (DAY_BYTES_MAX + 1), 1, "larger than"),
    ],
    ids=["empty", "comma", "twice", "encoding", "deep", "abyss", "missing", "large"],
)
def test_what_is_no_day_at_all_is_refused(
    tmp_path: Path, content: str | bytes, line: int, reason: str
) -> None:
    refused = refusal(tmp_path, content)
    assert refused.line == line
    assert reason in refused.reason


def test_the_first_misfit_by_line_is_named(tmp_path: Path) -> None:
    text = TEXT.replace('"heartbeats": 6', '"heartbeats": "6"', 1).replace(
        '"country": "US"', '"country": ""', 1
    )
    refused = refusal(tmp_path, text)
    assert refused.line == line_with(TEXT, '"country": "US"')
    assert refused.reason.endswith("(and 1 more)")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"\A[a-z{},:\[\]]{1,6}\Z"), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_every_value_has_the_line_on_which_it_begins(value: object) -> None:
    positions = Positions(json.dumps(value, indent=1))
    expected = 1

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        nonlocal expected
        assert positions.line_of(path) == expected
        members = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, member in members:
            expected += 1
            walk(member, (*path, step))
        expected += 1 if isinstance(value, dict | list) and value else 0

    walk(value, ())


@given(st.integers(min_value=0, max_value=99_999_999))
def test_the_fee_is_a_tenth_and_the_half_goes_up(gross: int) -> None:
    assert abs(fee_of(gross) * 10 - gross) <= 5
    assert fee_of(5) == 1
    assert fee_of(1_234) == 123
    assert fee_of(1_235) == 124


@pytest.mark.parametrize(
    ("seconds", "rate", "gross"),
    [
        (60, "35.5", 36),
        (60, "35.4999", 35),
        (600, "32.5", 325),
        (1, "30", 1),
        (0, "30", 0),
        (61, "27.25", 28),
    ],
)
def test_minutes_are_rounded_once_half_up(seconds: int, rate: str, gross: int) -> None:
    assert minutes_gross(seconds, Rate(amount_decimal=rate, currency="USD", per="minute")) == gross


@pytest.mark.parametrize(("proven", "billable"), [(0, 120), (119, 120), (121, 180), (180, 180)])
def test_proven_seconds_become_whole_increments(proven: int, billable: int) -> None:
    rate = Rate(amount_decimal="30", currency="USD", per="minute")
    pay = MinutePay(
        model="per_minute", rate=rate, cap_seconds=3_600, increment_seconds=60, minimum_seconds=120
    )
    assert billable_seconds(proven, pay) == billable


def test_the_terms_of_the_day_conserve_every_minor_unit(day: MarketDay) -> None:
    terms = day_terms(day)
    for contract in terms.contracts.values():
        assert contract.funded == contract.net + contract.fee + contract.returned
        assert contract.returned >= 0
    for currency in day.currencies:
        spent = sum(w.topped_up - w.available for (_, held), w in terms.wallets.items() if held == currency)
        earned = sum(worker.net for (_, paid), worker in terms.workers.items() if paid == currency)
        assert spent == earned + terms.fees[currency]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (123_456, "EUR", "1,234.56"),
        (123_456, "JPY", "123,456"),
        (-5, "USD", "-0.05"),
        (1_001, "KWD", "1.001"),
    ],
)
def test_amounts_are_written_with_the_currencys_own_decimals(amount: int, currency: str, text: str) -> None:
    assert written(amount, currency) == text
