"""The wallet's statement, line by line."""

from collections.abc import Callable
from typing import Any, Literal

from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.shared.accounts import wallet
from marketplace.storage import statements
from marketplace.storage.statements import StatementLine

routes = Routes()


class WalletEntry(Model):
    """`change` is minor units of `currency`, negative when money left the wallet; `about` names what it was
    for, and `stripe_references` the card payment or refund behind it."""

    id: str
    object: Literal["wallet_entry"] = "wallet_entry"
    type: str
    description: str
    currency: str
    change: int
    journal_id: str
    about: list[str]
    stripe_references: list[str]
    created_at: Instant


@routes.add("GET", "/v1/wallet/entries", who=CLIENT, query=PageQuery, answer=Page, row=WalletEntry)
def list_wallet_entries(call: Call[Any]) -> Reply:
    """What went into the calling client's wallet and out of it, newest first."""
    return statement_page(call, wallet(call.principal.id), _entry)


def statement_page(call: Call[Any], account: str, render: Callable[[StatementLine], Model]) -> Reply:
    """One page of an account's statement."""
    return call.page_of(
        f"statement#{account}",
        lambda limit, before: statements.page(account, limit=limit, before=before),
        render,
    )


def _entry(line: StatementLine) -> WalletEntry:
    return WalletEntry(
        id=f"{line.journal_id}-{line.number}",
        type=line.type,
        description=line.description,
        currency=line.currency,
        change=line.credit - line.debit,
        journal_id=line.journal_id,
        about=list(line.about),
        stripe_references=list(line.references),
        created_at=line.at,
    )
