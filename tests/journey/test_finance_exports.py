"""Finance takes files home: what is in them, and that a spreadsheet cannot be made to run them."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest

from marketplace.exports.table import BYTES_MAX, Table, as_csv, as_xlsx
from marketplace.shared.errors import InvalidRequest
from tests.people import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        file = finance.call("GET", f"/v1/finance/exports/{name}?{span}&format=xlsx", Accept=XLSX)
        assert file.headers["content-type"] == XLSX
        assert zipfile.ZipFile(io.BytesIO(file.content)).testzip() is None
    world.settle()
    acts = world.person("operator").get("/v1/audit-events?subject=export:journal")["data"]
    assert acts[0]["type"] == "finance.exported"
    assert finance.refused("/v1/finance/exports/secrets?" + span, method="GET") == (404, "not_found")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_never_begins_as_a_formula_and_a_number_stays_one(start: str) -> None:
    table = Table(("text", "number"), [(f"{start}SUM(A1)", -5)])
    rows = list(csv.reader(io.StringIO(as_csv(table).decode(), newline="")))
    assert rows[1] == [f"'{start}SUM(A1)", "-5"]
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx(table))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>-5</v>" in sheet


def test_a_file_that_would_be_too_large_is_refused_while_it_is_made() -> None:
    made = 0

    def endless() -> Iterator[tuple[str]]:
        nonlocal made
        while True:
            made += 1
            yield ("x" * 1000,)

    for write in (as_csv, as_xlsx):
        made = 0
        with pytest.raises(InvalidRequest):
            write(Table(("text",), endless()))
        assert made <= BYTES_MAX // 1000 + 1
