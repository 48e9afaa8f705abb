"""Finance takes files home: what is in them, and that a spreadsheet cannot be made to run them."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, Literal

import httpx
import pytest

from chalicelib.api import finance_exports
from chalicelib.types import rfc3339
from marketplace.exports.table import Table, write_csv, write_xlsx
from marketplace.ledger import postings
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.exporting import Allowance
from marketplace_client import Marketplace
from tests.people import World

Write = Callable[[Table, BinaryIO], None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written(write: Write, table: Table) -> bytes:
    file = io.BytesIO()
    write(table, file)
    return file.getvalue()


def test_the_journal_file_adds_up_to_the_trial_balance_and_who_took_it_is_kept(
    world: World, hours_of_its_own: None
) -> None:
    span = f"from={world.in_seconds(0)}&to={world.in_seconds(3_600)}"
    finance, client, worker = world.person("finance"), world.client(USD=50_000), world.worker()
    contract = world.milestone_contract(client, worker, 10_005)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": 10_005, "currency": "USD"}})
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    world.settle()

    answer = finance.call("GET", f"/v1/finance/exports/journal?{span}&format=csv")
    sums: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(answer.text)):
        sums[row["currency"], row["account"]] += int(row["debit"]) - int(row["credit"])
    told = finance.get("/v1/finance/trial-balance")["currencies"]
    shown = {(c["currency"], a["id"]): a["balance"] for c in told for a in c["accounts"]}
    ours = [place for place in shown if {client.id, worker.id, contract["id"]} & set(place[1].split(":"))]
    assert len(ours) >= len((client, worker))
    assert {place: sums[place] for place in ours} == {place: shown[place] for place in ours}
    assert answer.headers["content-disposition"] == 'attachment; filename="journal.csv"'

    earned = csv.DictReader(io.StringIO(finance.call("GET", f"/v1/finance/exports/earnings?{span}").text))
    own = [row for row in earned if row["worker_id"] == worker.id]
    assert [(row["amount"], row["amount_decimal"]) for row in own] == [("9004", "90.04")]

    for name in ("payouts", "fees", "exceptions"):
        file = finance.call("GET", f"/v1/finance/exports/{name}?{span}&format=xlsx")
        assert file.headers["content-type"] == XLSX
        assert zipfile.ZipFile(io.BytesIO(file.content)).testzip() is None
    world.settle()
    acts = world.person("operator").get("/v1/audit-events?subject=export:journal")["data"]
    assert acts[0]["type"] == "finance.exported"
    assert finance.refused("/v1/finance/exports/secrets?" + span, method="GET") == (404, "not_found")


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def sheet(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def test_payouts_and_fees_are_told_in_each_currency_s_own_decimals(
    world: World, hours_of_its_own: None
) -> None:
    span = f"from={world.in_seconds(0)}&to={world.in_seconds(3_600)}"
    finance = world.person("finance")
    expected = {"KWD": (9_013, "9.013", 1_002, "1.002"), "JPY": (9_004, "9004", 1_000, "1000")}
    for currency, (net, net_decimal, fee, fee_decimal) in expected.items():
        client, worker = world.client(), world.worker(country=currency[:2], payouts=True)
        world.top_up(client, 90_000, currency)
        contract = world.milestone_contract(client, worker, net + fee, currency=currency)
        path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
        client.post(f"{path}/fund")
        worker.post(f"{path}/submit", {"note": "Done"})
        client.post(f"{path}/approve")
        payout = worker.post("/v1/payouts", {"amount": {"amount": net, "currency": currency}})
        world.settle()

        paid = rows(finance.call("GET", f"/v1/finance/exports/payouts?{span}"))
        (own,) = [row for row in paid if row["payout_id"] == payout["id"]]
        assert own["worker_id"] == worker.id
        assert (own["currency"], own["amount"], own["amount_decimal"]) == (currency, str(net), net_decimal)
        earned = rows(finance.call("GET", f"/v1/finance/exports/fees?{span}"))
        (own,) = [row for row in earned if contract["id"] in row["about"].split()]
        assert own["account"] == "platform:fees"
        assert (own["currency"], own["amount"], own["amount_decimal"]) == (currency, str(fee), fee_decimal)


def test_exceptions_are_told_as_they_stand_and_no_reason_is_a_formula(
    world: World, hours_of_its_own: None
) -> None:
    finance, at = world.person("finance"), world.system.clock.now()
    cause = Cause(new_id("evt"), "test", new_id("req"), at)

    def posted(tx: Transaction) -> None:
        tx.post("KWD", "Stripe's fee", postings.stripe_fee(1_500), references=("txn_nowhere",))
        tx.publish(EventType.STRIPE_FEE_POSTED, about=("txn_nowhere",))

    run(world.system.runtime.store, cause, posted)
    span = {"from": rfc3339(at), "to": rfc3339(at + 1)}
    run_id = finance.post("/v1/finance/reconciliations", span)["id"]
    world.settle()
    (found,) = finance.get(f"/v1/finance/reconciliations/{run_id}/exceptions")["data"]
    month = finance.get(f"/v1/finance/periods/{rfc3339(at)[:7]}")
    assert (month["status"], month["open_exceptions"] >= 1) == ("open", True)
    finance.post(f"/v1/finance/exceptions/{found['id']}/resolve", {"reason": "=1+1"})
    path = f"/v1/finance/exports/exceptions?from={span['from']}&to={span['to']}"
    (own,) = [row for row in rows(finance.call("GET", path)) if row["exception_id"] == found["id"]]
    told = ("class", "amount", "amount_decimal", "status", "resolution", "reconciliation_id")
    assert [own[name] for name in told] == [
        *("missing_in_stripe", "1500", "1.500", "resolved", "'=1+1", run_id)
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_larger_than_an_answer_is_fetched_from_an_address_of_its_own(
    world: World, hours_of_its_own: None, monkeypatch: pytest.MonkeyPatch, form: Literal["csv", "xlsx"]
) -> None:
    world.client(USD=50_000)
    first, end = world.in_seconds(-60), world.in_seconds(60)
    finance, path = (
        world.person("finance"),
        f"/v1/finance/exports/journal?from={first}&to={end}&format={form}",
    )
    direct = finance.call("GET", path, Accept="text/html")
    assert direct.status_code == 200
    monkeypatch.setattr(finance_exports, "BYTES_DIRECT_MAX", 100)
    moved = finance.call("GET", path)
    assert (moved.status_code, moved.content) == (303, b"")
    span, file = (datetime.fromisoformat(first), datetime.fromisoformat(end)), io.BytesIO(b"before")
    file.seek(0, io.SEEK_END)
    with Marketplace(world.system.base_url, finance.token) as market:
        fetched = market.export_finance("journal", file, from_=span[0], to=span[1], format=form)
    content = file.getvalue().removeprefix(b"before")
    told = (f"journal.{form}", direct.headers["content-type"], len(content))
    assert (fetched.filename, fetched.content_type, fetched.size) == told
    if form == "csv":
        assert content == direct.content
        assert len(rows(direct)) >= 2
    else:
        assert sheet(content) == sheet(direct.content)
    world.settle()
    taken = world.person("operator").get("/v1/audit-events?subject=export:journal&limit=2")["data"]
    assert [act["export"] for act in taken] == [{"from": first, "to": end, "format": form}] * 2


def test_what_cannot_be_read_in_one_call_is_refused_and_tells_how_far_it_got(
    world: World, hours_of_its_own: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/finance/exports/fees?from={world.in_seconds(-60)}&to={world.in_seconds(60)}"
    monkeypatch.setattr(finance_exports, "READING_SECONDS_MAX", -1.0)
    refused = world.person("finance").call("GET", path)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to")
    with pytest.raises(InvalidRequest, match=re.escape("2026-11-22T03:04:05Z")):
        Allowance(-1.0).check(1_795_316_645)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_never_begins_as_a_formula_and_a_number_stays_one(start: str) -> None:
    table = Table(("text", "number"), [(f"{start}SUM(A1)", -5)])
    rows = list(csv.reader(io.StringIO(written(write_csv, table).decode(), newline="")))
    assert rows[1] == [f"'{start}SUM(A1)", "-5"]
    sheet = zipfile.ZipFile(io.BytesIO(written(write_xlsx, table))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>-5</v>" in sheet


def test_a_file_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.exports.table.ROWS_MAX", 3)
    for write in (write_csv, write_xlsx):
        made = iter([("x",)] * 9)
        with pytest.raises(InvalidRequest, match="at most 3 rows"):
            written(write, Table(("text",), made))
        assert len(list(made)) == 5
