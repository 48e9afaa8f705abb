"""Statements, line by line: an account's of any period, and the wallet's for its owner."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.shared.accounts import wallet
from marketplace.shared.errors import InvalidRequest
from marketplace.storage import statements
from marketplace.storage.account_sums import Sums, before
from marketplace.storage.statements import EVER, Period, StatementLine

routes = Routes()


class PeriodQuery(PageQuery):
    """What happened from `from` on and before `to`, business time; left out, that side has no limit."""

    period_start: Annotated[Instant | None, Field(alias="from")] = None
    period_end: Annotated[Instant | None, Field(alias="to")] = None

    @property
    def period(self) -> Period:
        """Raises InvalidRequest for a period without length."""
        first = EVER.first if self.period_start is None else max(0, self.period_start)
        end = EVER.end if self.period_end is None else min(self.period_end, EVER.end)
        if first >= end:
            raise InvalidRequest.at("/to", "must be after from")
        return Period(first, end)


class WalletEntry(Model):
    """`change` is minor units of `currency`, negative when money left the wallet, and `balance` what was in
    it after that; `about` names what it was for, and `stripe_references` the card payment or refund behind
    it."""

    id: str
    object: Literal["wallet_entry"] = "wallet_entry"
    type: str
    description: str
    currency: str
    change: int
    balance: int
    journal_id: str
    about: list[str]
    stripe_references: list[str]
    created_at: Instant


@routes.add(
    "GET",
    "/v1/wallet/entries",
    who=CLIENT,
    query=PeriodQuery,
    answer=Page,
    row=WalletEntry,
    open_to_suspended=True,
)
def list_wallet_entries(call: Call[Any]) -> Reply:
    """What went into the calling client's wallet and out of it, newest first."""
    account = wallet(call.principal.id)

    def read(limit: int, position: str | None) -> tuple[list[WalletEntry], str | None]:
        lines, following = statements.page(account, limit=limit, before=position, period=call.query.period)
        whole = following is None and call.query.period.first == EVER.first
        return entries_of(account, lines, from_the_beginning=whole), following

    return call.page_of(listed(account, call.query.period), read, lambda entry: entry)


def statement_page(call: Call[Any], account: str, render: Callable[[StatementLine], Model]) -> Reply:
    """One page of the lines of an account in a period, newest first."""
    period = call.query.period
    return call.page_of(
        listed(account, period),
        lambda limit, before: statements.page(account, limit=limit, before=before, period=period),
        render,
    )


def listed(account: str, period: Period) -> str:
    """The name of a list of an account's lines, which its cursors are good for."""
    return f"statement#{account}" if period == EVER else f"statement#{account}#{period.first}#{period.end}"


def running(lines: Iterable[StatementLine], opening: Sums) -> list[tuple[StatementLine, int]]:
    """Lines, oldest first, each with the balance (debits less credits) of its currency after it; `opening` is
    what stands before them."""
    balances = Counter({currency: sides.balance for currency, sides in opening.items()})
    found = []
    for line in lines:
        balances[line.currency] += line.debit - line.credit
        found.append((line, balances[line.currency]))
    return found


def entries_of(
    account: str, newest_first: list[StatementLine], *, from_the_beginning: bool
) -> list[WalletEntry]:
    """An entry for each of successive lines of a wallet's account, in their order."""
    if not newest_first:
        return []
    opening = {} if from_the_beginning else before(account, newest_first[-1].position)
    with_balances = running(reversed(newest_first), opening)
    return [_entry(line, -balance) for line, balance in reversed(with_balances)]


def _entry(line: StatementLine, balance: int) -> WalletEntry:
    return WalletEntry(
        id=f"{line.journal_id}-{line.number}",
        type=line.type,
        description=line.description,
        currency=line.currency,
        change=line.credit - line.debit,
        balance=balance,
        journal_id=line.journal_id,
        about=list(line.about),
        stripe_references=list(line.references),
        created_at=line.at,
    )
