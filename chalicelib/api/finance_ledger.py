"""The double-entry ledger: accounts, journals, the trial balance, and the trace of any id."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import Field

from chalicelib.api.statements import statement_page
from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.ledger.totals import Totals
from marketplace.ledger.trace import ID_LENGTH_MAX, REQUEST, Link, trace
from marketplace.shared.accounts import PLATFORM
from marketplace.shared.errors import NotFound
from marketplace.shared.events import Event
from marketplace.shared.ids import renamed
from marketplace.shared.journal import Journal
from marketplace.storage import ledger, statements
from marketplace.storage.histories import TrailHistories
from marketplace.storage.statements import StatementLine

routes = Routes()

_ID = re.compile(rf"(?=.{{1,{ID_LENGTH_MAX}}}$)[A-Za-z0-9]+(_[A-Za-z0-9]+)+")
_ACCOUNT = re.compile(rf"(?=.{{1,{ID_LENGTH_MAX}}}$)[A-Za-z0-9_]+(:[A-Za-z0-9_]+)+")


class AccountBalance(Model):
    """`balance` is debits less credits, minor units."""

    id: str
    balance: int


class CurrencyTotals(Model):
    """All debits equal all credits, and all balances add up to 0."""

    currency: str
    debits: int
    credits: int
    accounts: list[AccountBalance]


class TrialBalance(Model):
    """Every account's balance; `as_of` is when it was read."""

    object: Literal["trial_balance"] = "trial_balance"
    as_of: Instant
    currencies: list[CurrencyTotals]


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


class PostingView(Model):
    """One side of a journal, minor units; one of `debit` and `credit` is 0."""

    account: str
    debit: int
    credit: int


class JournalView(Model):
    """A balanced set of postings, and the event that made it."""

    id: str
    object: Literal["journal"] = "journal"
    event_id: str
    event_type: str
    description: str
    currency: str
    postings: list[PostingView]
    references: list[str]
    about: list[str]
    actor: str
    request_id: str
    created_at: Instant


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


class LinkView(Model):
    """One step of a chain."""

    kind: str
    id: str
    at: Instant
    detail: str


class Trace(Model):
    """What led to what, the cause first."""

    id: str
    object: Literal["trace"] = "trace"
    chain: Annotated[list[LinkView], Field(min_length=1)]


@routes.add("GET", "/v1/finance/trial-balance", who=FINANCE, answer=TrialBalance)
def get_trial_balance(call: Call[Any]) -> Reply:
    """Per currency: debits and credits, and every account's balance."""
    totals = ledger.totals()
    return Reply(TrialBalance(as_of=call.now, currencies=[_currency(totals, c) for c in totals.currencies]))


@routes.add("GET", "/v1/finance/accounts", who=FINANCE, query=PageQuery, answer=Page, row=AccountView)
def list_accounts(call: Call[Any]) -> Reply:
    """Every account that was posted to, by name."""
    totals = ledger.totals()

    def read(limit: int, after: str | None) -> tuple[list[str], str | None]:
        names = sorted({account for _, account, _ in totals if account > (after or "")})
        return names[:limit], names[limit - 1] if len(names) > limit else None

    return call.page_of("accounts", read, lambda name: _account(totals, name))


@routes.add(
    "GET",
    "/v1/finance/accounts/{account_id}/postings",
    who=FINANCE,
    query=PageQuery,
    answer=Page,
    row=AccountPosting,
)
def list_postings(call: Call[Any]) -> Reply:
    """An account's statement, newest first."""
    account = unquote(call.path["account_id"])
    if not _ACCOUNT.fullmatch(account):
        raise NotFound
    if account not in PLATFORM and not statements.page(account, limit=1)[0]:
        raise NotFound
    return statement_page(call, account, _account_posting)


@routes.add("GET", "/v1/finance/journals/{journal_id}", who=FINANCE, answer=JournalView)
def get_journal(call: Call[Any]) -> Reply:
    """One journal, with the event that made it."""
    event = call.runtime.store.event(renamed(call.id("journal_id", "jrn"), "evt"))
    if event is None or event.journal is None:
        raise NotFound
    return Reply(_journal(event, event.journal))


@routes.add("GET", "/v1/finance/trace/{id}", who=FINANCE, answer=Trace)
def get_trace(call: Call[Any]) -> Reply:
    """From any id (request, session, journal, payout, Stripe object) the whole chain, cause first."""
    identifier = call.path["id"]
    chain = trace(identifier, TrailHistories()) if _ID.fullmatch(identifier) else []
    if not chain:
        raise NotFound
    return Reply(Trace(id=identifier, chain=[_link(link) for link in chain]))


def _link(link: Link) -> LinkView:
    """A request shows as its method and path; an operation that is gone, by its name."""
    from chalicelib.api import OPERATIONS  # it imports this module

    calls = {operation.run.__name__: f"{operation.method} {operation.path}" for operation in OPERATIONS}
    detail = calls.get(link.detail, link.detail) if link.kind == REQUEST else link.detail
    return LinkView(kind=link.kind, id=link.id, at=link.at, detail=detail)


def _currency(totals: Totals, currency: str) -> CurrencyTotals:
    sums, accounts = totals.sums(currency), totals.accounts(currency)
    return CurrencyTotals(
        currency=currency,
        debits=sums.debits,
        credits=sums.credits,
        accounts=[AccountBalance(id=name, balance=sides.balance) for name, sides in accounts.items()],
    )


def _account(totals: Totals, account: str) -> AccountView:
    return AccountView(
        id=account,
        balances=[
            AccountSides(currency=c, debits=sides.debits, credits=sides.credits, balance=sides.balance)
            for c, sides in totals.of_account(account).items()
        ],
    )


def _account_posting(line: StatementLine) -> AccountPosting:
    return AccountPosting(
        id=f"{line.journal_id}-{line.number}",
        journal_id=line.journal_id,
        event_id=line.event_id,
        event_type=line.type,
        description=line.description,
        currency=line.currency,
        debit=line.debit,
        credit=line.credit,
        against=list(line.against),
        references=list(line.references),
        about=list(line.about),
        created_at=line.at,
    )


def _journal(event: Event, journal: Journal) -> JournalView:
    return JournalView(
        id=journal.id,
        event_id=event.id,
        event_type=event.type.value,
        description=journal.description,
        currency=journal.currency,
        postings=[PostingView(account=p.account, debit=p.debit, credit=p.credit) for p in journal.postings],
        references=list(journal.references),
        about=list(event.about),
        actor=event.actor,
        request_id=event.request_id,
        created_at=event.at,
    )
