"""Finance reads the ledger: balances, statements, journals, and where every coin came from and went."""

from typing import Any

import pytest

from tests.people import Caller, World


@pytest.fixture
def finance(world: World) -> Caller:
    return world.person("finance")


@pytest.fixture
def client(world: World) -> Caller:
    return world.client(USD=50_000)


def paid_out(world: World, client: Caller, worker: Caller, amount: int) -> Any:
    """A payout that has reached the bank, of one approved milestone."""
    contract = world.milestone_contract(client, worker, amount)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    payout = worker.post("/v1/payouts", {})
    for _ in range(10):
        world.advance(days=1)
        if worker.get(f"/v1/payouts/{payout['id']}")["status"] == "paid":
            return worker.get(f"/v1/payouts/{payout['id']}")
    raise AssertionError("the payout never reached the bank")


def balances(trial_balance: Any, currency: str = "USD") -> dict[str, int]:
    found = next(c for c in trial_balance["currencies"] if c["currency"] == currency)
    assert found["debits"] == found["credits"]
    assert sum(account["balance"] for account in found["accounts"]) == 0
    return {account["id"]: account["balance"] for account in found["accounts"]}


def kinds(trace: Any) -> list[str]:
    return [link["kind"] for link in trace["chain"]]


def test_the_trial_balance_shows_what_everybody_has_at_once(
    world: World, finance: Caller, client: Caller
) -> None:
    worker = world.worker()
    before = balances(finance.get("/v1/finance/trial-balance"))
    contract = world.milestone_contract(client, worker, 10_005)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": 10_005, "currency": "USD"}})
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    after = balances(finance.get("/v1/finance/trial-balance"))
    assert after[f"client:{client.id}:wallet"] == -39_995
    assert after[f"contract:{contract['id']}:hold"] == 0
    assert after[f"worker:{worker.id}:available"] == -9_004
    assert after["platform:fees"] - before.get("platform:fees", 0) == -1_001


def test_accounts_list_by_name_page_by_page(world: World, finance: Caller, client: Caller) -> None:
    seen: list[str] = []
    path = "/v1/finance/accounts?limit=2"
    while path:
        page = finance.get(path)
        seen += [account["id"] for account in page["data"]]
        path = f"/v1/finance/accounts?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == sorted(set(seen))
    assert {f"client:{client.id}:wallet", "platform:stripe"} <= set(seen)


def test_a_wallet_statement_is_the_same_for_its_owner_and_for_finance(
    world: World, finance: Caller, client: Caller
) -> None:
    contract = world.milestone_contract(client, world.worker(), 700, 800)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": 1_500, "currency": "USD"}})
    client.post(f"/v1/contracts/{contract['id']}/cancel")
    world.settle()
    first = client.get("/v1/wallet/entries?limit=2")
    rest = client.get(f"/v1/wallet/entries?limit=2&cursor={first['next_cursor']}")
    entries = first["data"] + rest["data"]
    assert [entry["change"] for entry in entries] == [1_500, -1_500, 50_000]
    assert rest["next_cursor"] is None
    postings = finance.get(f"/v1/finance/accounts/client:{client.id}:wallet/postings")["data"]
    assert [row["credit"] - row["debit"] for row in postings] == [1_500, -1_500, 50_000]
    assert contract["id"] in entries[0]["about"]


def paged(caller: Caller, path: str) -> list[Any]:
    """Every page of a list."""
    pages = [caller.get(path)]
    while pages[-1]["next_cursor"]:
        pages.append(caller.get(f"{path}&cursor={pages[-1]['next_cursor']}"))
    return pages


def part(currency: str, opening: int, debits: int, credits: int, closing: int) -> dict[str, Any]:  # noqa: A002  the ledger's own word
    """What a statement says of one currency, minor units."""
    return {
        "currency": currency,
        "opening_balance": opening,
        "debits": debits,
        "credits": credits,
        "closing_balance": closing,
    }


def test_a_statement_leads_from_the_opening_to_the_closing_balance(world: World, finance: Caller) -> None:
    client, start = world.client(USD=5_000), world.in_seconds(0)
    world.advance(days=1)
    first, contract = world.in_seconds(0), world.milestone_contract(client, world.worker(), 700)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": 700, "currency": "USD"}})
    world.top_up(client, 900, "JPY")
    client.post(f"/v1/contracts/{contract['id']}/cancel")
    world.advance(days=1)
    end = world.in_seconds(0)
    world.top_up(client, 50)
    account = f"/v1/finance/accounts/client:{client.id}:wallet"
    for limit in (1, 100):
        pages = paged(finance, f"{account}/statement?from={first}&to={end}&limit={limit}")
        rows = [row for page in pages for row in page["data"]]
        assert [(row["currency"], row["balance"]) for row in rows] == [
            ("USD", -4_300),
            ("JPY", -900),
            ("USD", -5_000),
        ]
        for page in pages:
            assert page["parts"] == [
                part("JPY", 0, 0, 900, -900),
                part("USD", -5_000, 700, 700, -5_000),
            ]
    endless = finance.get(f"{account}/statement?limit=1")
    assert (len(endless["data"]), endless["to"]) == (1, None)
    postings = paged(finance, f"{account}/postings?from={first}&to={end}&limit=2")
    assert [row["id"] for page in postings for row in page["data"]] == [row["id"] for row in rows[::-1]]
    entries = paged(client, "/v1/wallet/entries?limit=1")
    shown = [(row["currency"], row["balance"]) for page in entries for row in page["data"]]
    assert shown == [("USD", 5_050), ("USD", 5_000), ("JPY", 900), ("USD", 4_300), ("USD", 5_000)]
    within = client.get(f"/v1/wallet/entries?from={first}&to={end}")["data"]
    assert [row["balance"] for row in within] == [5_000, 900, 4_300]
    assert finance.get(f"{account}?at={start}")["balances"] == [
        {"currency": "USD", "debits": 0, "credits": 5_000, "balance": -5_000}
    ]
    assert [row["balance"] for row in finance.get(account)["balances"]] == [-900, -5_050]


def test_a_platform_account_s_statement_agrees_with_the_trial_balances(world: World, finance: Caller) -> None:
    client = world.client()
    first = world.in_seconds(0)
    before = balances(finance.get(f"/v1/finance/trial-balance?as_of={world.in_seconds(-1)}"))
    for _ in range(3):
        world.advance(days=1)
        world.top_up(client, 1_000)
    world.advance(days=1)
    end, last = world.in_seconds(0), world.in_seconds(-1)
    world.top_up(client, 9_000)
    after = balances(finance.get(f"/v1/finance/trial-balance?as_of={last}"))
    assert after[f"client:{client.id}:wallet"] == -3_000
    assert f"client:{client.id}:wallet" not in before
    for account in ("platform:stripe", "platform:stripe_fees"):
        path = f"/v1/finance/accounts/{account}"
        pages = paged(finance, f"{path}/statement?from={first}&to={end}&limit=2")
        (part,) = (part for part in pages[0]["parts"] if part["currency"] == "USD")
        assert part["opening_balance"] == before.get(account, 0)
        assert part["closing_balance"] == after[account]
        rows = [row for page in pages for row in page["data"] if row["currency"] == "USD"]
        assert rows[-1]["balance"] == after[account]
        assert after[account] in [row["balance"] for row in finance.get(f"{path}?at={last}")["balances"]]
        assert len({row["id"] for row in rows}) == len(rows) > 1


@pytest.mark.parametrize(
    "path",
    [
        "trial-balance?as_of=2999-01-01T00:00:00Z",
        "accounts/platform:stripe?at=2999-01-01T00:00:00Z",
        "accounts/platform:stripe?at=yesterday",
        "accounts/platform:stripe/statement?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z",
    ],
)
def test_an_instant_must_be_past_and_a_period_have_a_length(finance: Caller, path: str) -> None:
    assert finance.refused(f"/v1/finance/{path}", method="GET") == (422, "invalid_request")


def test_a_statement_cursor_is_good_for_its_own_account_only(world: World, client: Caller) -> None:
    world.top_up(client, 1_000)
    cursor = client.get("/v1/wallet/entries?limit=1")["next_cursor"]
    stranger = world.client()
    assert stranger.refused(f"/v1/wallet/entries?cursor={cursor}", method="GET") == (400, "invalid_cursor")
    assert stranger.get("/v1/wallet/entries")["data"] == []


def test_a_journal_names_its_event_and_balances(world: World, finance: Caller, client: Caller) -> None:
    entry = client.get("/v1/wallet/entries")["data"][0]
    journal = finance.get(f"/v1/finance/journals/{entry['journal_id']}")
    assert journal["event_type"] == "top_up.succeeded"
    assert (
        sum(p["debit"] for p in journal["postings"])
        == sum(p["credit"] for p in journal["postings"])
        == 50_000
    )
    assert {"account": "platform:stripe", "debit": 50_000, "credit": 0} in journal["postings"]


def test_a_payout_traces_from_the_call_to_the_bank_line(
    world: World, finance: Caller, client: Caller
) -> None:
    payout = paid_out(world, client, world.worker(payouts=True), 20_000)
    chain = finance.get(f"/v1/finance/trace/{payout['id']}")["chain"]
    assert (chain[0]["kind"], chain[0]["detail"]) == ("request", "POST /v1/payouts")
    assert [link["kind"] for link in chain[:4]] == ["request", "event", "journal", "payout"]
    ids = [link["id"] for link in chain]
    transfer, bank = payout["stripe_transfers"][0], payout["stripe_payout"]
    assert ids.index(payout["id"]) < ids.index(transfer) < ids.index(bank)
    assert len(ids) == len(set(ids))
    assert chain[-1]["kind"] == "journal"
    assert chain[-2]["detail"].startswith("payout.paid")
    journals = [link["id"] for link in chain if link["kind"] == "journal"]
    for identifier in (transfer, bank, journals[0], journals[-1], ids[0], ids[1]):
        assert finance.get(f"/v1/finance/trace/{identifier}")["chain"] == chain


def test_what_was_earned_traces_on_to_the_payout_that_took_it(
    world: World, finance: Caller, client: Caller
) -> None:
    worker = world.worker(payouts=True)
    payout = paid_out(world, client, worker, 20_000)
    contract = client.get("/v1/contracts")["data"][0]
    trace = finance.get(f"/v1/finance/trace/{contract['milestones'][0]['id']}")
    ids = [link["id"] for link in trace["chain"]]
    assert {payout["id"], payout["stripe_transfers"][0], payout["stripe_payout"]} <= set(ids)
    assert kinds(trace)[0] == "request"
    assert kinds(trace)[-1] == "journal"


def test_a_top_up_traces_to_its_charge_and_its_fee(world: World, finance: Caller, client: Caller) -> None:
    world.advance(days=1)
    top_up = client.get("/v1/wallet/top-ups")["data"][0]
    trace = finance.get(f"/v1/finance/trace/{top_up['id']}")
    assert kinds(trace)[0] == "request"
    assert {"top_up", "payment_intent", "charge", "journal", "balance_transaction"} <= set(kinds(trace))
    assert kinds(trace).count("journal") == 2


def test_a_timer_s_deed_traces_without_a_call(world: World, finance: Caller, client: Caller) -> None:
    worker = world.worker()
    contract = world.milestone_contract(client, worker, 900)
    milestone = contract["milestones"][0]["id"]
    path = f"/v1/contracts/{contract['id']}/milestones/{milestone}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    world.advance(days=15)
    chain = finance.get(f"/v1/finance/trace/{milestone}")["chain"]
    assert chain[-2]["detail"] == "milestone.approved by timer"
    assert chain[-1]["kind"] == "journal"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/finance/trace/pay_01k00000000000000000000000",
        "/v1/finance/trace/active",
        "/v1/finance/trace/seal",
        "/v1/finance/trace/%20",
        "/v1/finance/journals/jrn_01k00000000000000000000000",
        "/v1/finance/journals/evt_x",
        "/v1/finance/accounts/client:cli_01k00000000000000000000000:wallet/postings",
        "/v1/finance/accounts/active/postings",
        "/v1/finance/accounts/platform:stripe%7Cdays/postings",
    ],
)
def test_what_nobody_knows_is_not_found(finance: Caller, path: str) -> None:
    assert finance.refused(path, method="GET") == (404, "not_found")


def test_the_ledger_is_for_finance_alone(world: World, client: Caller) -> None:
    for caller in (client, world.person("operator"), world.person("worker")):
        for path in ("trial-balance", "accounts", "journals/jrn_x", "trace/evt_x", "reconciliations"):
            assert caller.refused(f"/v1/finance/{path}", method="GET") == (403, "forbidden")
