"""The day's end as tables that a person likes to read."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sandbox.demo.checks import Check
from sandbox.demo.currencies import written
from sandbox.demo.summary import BalanceRow, ClientRow, Summary, WorkerRow

DETAIL_WIDTH_MAX = 60


def show(console: Console, summary: Summary, checks: Sequence[Check]) -> None:
    """Everything, in the order of the money: from the wallets to the bank, then the proofs."""
    console.print(_clients(summary.clients))
    console.print(_workers([row for row in summary.workers if row.earned or row.received]))
    idle = sum(1 for row in summary.workers if not row.earned)
    if idle:
        console.print(f"  and {idle} workers who bid, and may be luckier tomorrow\n", highlight=False)
    console.print(_fees(summary))
    console.print(_trial_balance(summary.trial_balance))
    console.print(_reconciliation(summary))
    if summary.trace:
        console.print(_trace(summary))
    console.print(_checks(checks))


def _table(title: str, texts: Iterable[str], numbers: Iterable[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for name in texts:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _clients(rows: Iterable[ClientRow]) -> Table:
    numbers = ("Topped up", "Funded", "Returned", "Available")
    table = _table("Clients' wallets", ("Client", "Currency"), numbers)
    for row in rows:
        amounts = (row.topped_up, row.funded, row.returned, row.available)
        table.add_row(escape(row.name), row.currency, *(written(amount, row.currency) for amount in amounts))
    return table


def _workers(rows: Iterable[WorkerRow]) -> Table:
    table = _table("What workers earned", ("Worker", "Country", "Currency"), ("Earned", "Fee", "Received"))
    for row in sorted(rows, key=lambda row: (row.currency, row.name)):
        amounts = (row.earned, row.fee, row.received)
        texts = (escape(row.name), row.country, row.currency)
        table.add_row(*texts, *(written(amount, row.currency) for amount in amounts))
    return table


def _fees(summary: Summary) -> Table:
    table = _table("The platform's fees", ("Currency",), ("Fees",))
    for row in summary.fees:
        table.add_row(row.currency, written(row.fees, row.currency))
    return table


def _trial_balance(rows: Sequence[BalanceRow]) -> Table:
    table = _table("Trial balance", ("Currency", "Accounts"), ("Debit", "Credit"))
    for currency in dict.fromkeys(row.currency for row in rows):
        balances = [row for row in rows if row.currency == currency and row.balance]
        for row in balances:
            amount = written(abs(row.balance), currency)
            sides = (amount, "") if row.balance > 0 else ("", amount)
            table.add_row(currency, escape(row.accounts), *sides)
        debits = sum(row.balance for row in balances if row.balance > 0)
        credit = -sum(row.balance for row in balances if row.balance < 0)
        table.add_row(currency, "total", written(debits, currency), written(credit, currency), style="bold")
        table.add_section()
    return table


def _reconciliation(summary: Summary) -> Table:
    table = _table("Ledger against Stripe", ("Lines",), ("Count",))
    for kind, count in summary.reconciliation.items():
        table.add_row(escape(kind.replace("_", " ")), f"{count:,}")
    return table


def _trace(summary: Summary) -> Table:
    table = _table("One payout, from the call to the bank", ("At", "Kind", "Id", "Detail"))
    for row in summary.trace:
        detail = _shortened("" if row.detail is None else str(row.detail))
        table.add_row(f"{row.at:%Y-%m-%d %H:%M:%S}", escape(row.kind), escape(row.id), escape(detail))
    return table


def _checks(checks: Iterable[Check]) -> Table:
    table = _table("What must hold", ("Check", ""))
    for check in checks:
        mark = "[green]held[/green]" if check.held else f"[red]broken[/red] {escape(check.detail)}"
        table.add_row(escape(check.name), mark)
    return table


def _shortened(text: str) -> str:
    return text if len(text) <= DETAIL_WIDTH_MAX else f"{text[: DETAIL_WIDTH_MAX - 1]}…"
