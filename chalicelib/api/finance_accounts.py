"""The accounts of the ledger: their balance at any instant, their postings and statements of any period."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import ConfigDict, Field

from chalicelib import pages
from chalicelib.api.finance_ledger import past
from chalicelib.api.statements import (
    PeriodQuery,
    listed,
    running,
    statement_page,
)
from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.ledger.totals import Sides
from marketplace.ledger.trace import ID_LENGTH_MAX
from marketplace.shared.accounts import PLATFORM
from marketplace.shared.errors import NotFound
from marketplace.storage import account_sums, ledger, statements
from marketplace.storage.statements import Period, StatementLine, position_of

routes = Routes()

_ACCOUNT = re.compile(rf"(?=.{{1,{ID_LENGTH_MAX}}}$)[A-Za-z0-9_]+(:[A-Za-z0-9_]+)+")


class AccountSides(Model):
    """What was posted to an account in one currency, minor units; `balance` is debits less credits."""

    currency: str
    debits: int
    credits: int
    balance: int


class AccountView(Model):
    """An account that was posted to."""

    id: str
    object: Literal["account"] = "account"
    balances: list[AccountSides]


class AccountAt(AccountView):
    """An account's balances with all that was posted in business time up to `at`, that second included."""

    at: Instant


class At(Model):
    """A past instant of business time; left out, it is now."""

    at: Instant | None = None


class AccountPosting(Model):
    """A posting as its account's statement shows it; `against` names the journal's other accounts."""

    id: str
    object: Literal["posting"] = "posting"
    journal_id: str
    event_id: str
    event_type: str
    description: str
    currency: str
    debit: int
    credit: int
    against: list[str]
    references: list[str]
    about: list[str]
    created_at: Instant


class StatementRow(AccountPosting):
    """A posting, and the account's `balance` (debits less credits) in its currency after it."""

    balance: int


class StatementPart(Model):
    """One currency of a period, minor units: `opening_balance` + `debits` - `credits` = `closing_balance`."""

    currency: str
    opening_balance: int
    debits: int
    credits: int
    closing_balance: int


class StatementView(Model):
    """What an account did in a period: a part for each currency, and the lines of one page, oldest first,
    which lead from the opening to the closing balances."""

    id: str
    object: Literal["statement"] = "statement"
    period_start: Annotated[Instant | None, Field(alias="from")]
    period_end: Annotated[Instant | None, Field(alias="to")]
    parts: list[StatementPart]
    data: list[StatementRow]
    next_cursor: str | None

    model_config = ConfigDict(serialize_by_alias=True)


@routes.add("GET", "/v1/finance/accounts", who=FINANCE, query=PageQuery, answer=Page, row=AccountView)
def list_accounts(call: Call[Any]) -> Reply:
    """Every account that was posted to, by name."""
    totals = ledger.totals()

    def read(limit: int, after: str | None) -> tuple[list[str], str | None]:
        names = sorted({account for _, account, _ in totals if account > (after or "")})
        return names[:limit], names[limit - 1] if len(names) > limit else None

    return call.page_of(
        "accounts", read, lambda name: AccountView(id=name, balances=_sides(totals.of_account(name)))
    )


@routes.add(
    "GET",
    "/v1/finance/accounts/{account_id}/postings",
    who=FINANCE,
    query=PeriodQuery,
    answer=Page,
    row=AccountPosting,
)
def list_postings(call: Call[Any]) -> Reply:
    """What was posted to an account in a period, newest first."""
    return statement_page(call, _known(call), lambda line: AccountPosting(**_told(line)))


@routes.add("GET", "/v1/finance/accounts/{account_id}", who=FINANCE, query=At, answer=AccountAt)
def get_account(call: Call[Any]) -> Reply:
    """An account's balances at an instant."""
    account, at = _known(call), past(call, "at", call.query.at)
    sums = account_sums.at(account, at)
    return Reply(AccountAt(id=account, at=at, balances=_sides(sums)))


@routes.add(
    "GET",
    "/v1/finance/accounts/{account_id}/statement",
    who=FINANCE,
    query=PeriodQuery,
    answer=StatementView,
)
def get_statement(call: Call[Any]) -> Reply:
    """An account's statement of a period: opening balance, lines with their balances, closing balance."""
    account, period = _known(call), call.query.period
    name, secret = f"{listed(account, period)}#onwards", call.runtime.settings.cursor_secret
    after = pages.read(call.query.cursor, listed=name, secret=secret)
    lines, following = statements.page_onwards(account, limit=call.query.limit, after=after, period=period)
    whole = after is None and following is None
    opening = account_sums.before(account, position_of(period.first)) if period.first else {}
    fields: dict[str, Any] = {"from": call.query.period_start, "to": call.query.period_end}
    return Reply(
        StatementView(
            id=account,
            parts=_parts(opening, _closing(account, period, opening, lines if whole else None)),
            data=_rows(account, lines, opening if after is None else None),
            next_cursor=pages.sign(following, listed=name, secret=secret) if following else None,
            **fields,
        )
    )


def _known(call: Call[Any]) -> str:
    """The path's account. Raises NotFound when nothing was ever posted to it."""
    account = unquote(call.path["account_id"])
    if not _ACCOUNT.fullmatch(account):
        raise NotFound
    if account not in PLATFORM and not statements.page(account, limit=1)[0]:
        raise NotFound
    return account


def _rows(account: str, lines: list[StatementLine], opening: account_sums.Sums | None) -> list[StatementRow]:
    """`opening` is what stands before the lines, None where that is to be read."""
    if not lines:
        return []
    sums = account_sums.before(account, lines[0].position) if opening is None else opening
    return [StatementRow(**_told(line), balance=balance) for line, balance in running(lines, sums)]


def _closing(
    account: str, period: Period, opening: account_sums.Sums, lines: list[StatementLine] | None
) -> account_sums.Sums:
    """The sums at the period's end: from all of its lines, or read where they are not all here."""
    if lines is None:
        return account_sums.before(account, position_of(period.end))
    return account_sums.plus(opening, lines)[0]


def _parts(opening: account_sums.Sums, closing: account_sums.Sums) -> list[StatementPart]:
    parts = []
    for currency, sides in sorted(closing.items()):
        before = opening.get(currency, Sides())
        parts.append(
            StatementPart(
                currency=currency,
                opening_balance=before.balance,
                debits=sides.debits - before.debits,
                credits=sides.credits - before.credits,
                closing_balance=sides.balance,
            )
        )
    return parts


def _sides(sums: account_sums.Sums) -> list[AccountSides]:
    return [
        AccountSides(currency=c, debits=sides.debits, credits=sides.credits, balance=sides.balance)
        for c, sides in sorted(sums.items())
    ]


def _told(line: StatementLine) -> dict[str, Any]:
    """The fields of a posting, for an answer."""
    return {
        "id": f"{line.journal_id}-{line.number}",
        "journal_id": line.journal_id,
        "event_id": line.event_id,
        "event_type": line.type,
        "description": line.description,
        "currency": line.currency,
        "debit": line.debit,
        "credit": line.credit,
        "against": list(line.against),
        "references": list(line.references),
        "about": list(line.about),
        "created_at": line.at,
    }
