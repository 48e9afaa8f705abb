"""The double-entry ledger: journals, the trial balance of any instant, and the trace of any id."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.http import FINANCE, Call, Reply, Routes
from chalicelib.served import served
from chalicelib.types import Instant, Model
from marketplace.ledger.totals import Totals
from marketplace.ledger.trace import ID_LENGTH_MAX, REQUEST, Link, trace
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.shared.events import Event
from marketplace.shared.ids import renamed
from marketplace.shared.journal import Journal
from marketplace.storage import ledger
from marketplace.storage.histories import TrailHistories

routes = Routes()

_ID = re.compile(rf"(?=.{{1,{ID_LENGTH_MAX}}}$)[A-Za-z0-9]+(_[A-Za-z0-9]+)+")


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


class AsOf(Model):
    """A past instant of business time; left out, it is now."""

    as_of: Instant | None = None


class TrialBalance(Model):
    """Every account's balance as of an instant, with all journals of business time up to it, that second
    included. What is posted late counts where its own time puts it, from when it is posted."""

    object: Literal["trial_balance"] = "trial_balance"
    as_of: Instant
    currencies: list[CurrencyTotals]


class PostingView(Model):
    """One side of a journal, minor units; one of `debit` and `credit` is 0."""

    account: str
    debit: int
    credit: int


class JournalView(Model):
    """A balanced set of postings, and the event that made it. `created_at` is its date in the books,
    `happened_at` that of its event: earlier where the event's month was closed."""

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
    happened_at: Instant
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


@routes.add("GET", "/v1/finance/trial-balance", who=FINANCE, heavy=True, query=AsOf, answer=TrialBalance)
def get_trial_balance(call: Call[Any]) -> Reply:
    """Per currency: debits and credits, and every account's balance."""
    as_of = past(call, "as_of", call.query.as_of)
    totals = ledger.totals() if call.query.as_of is None else ledger.totals(as_of)
    return Reply(TrialBalance(as_of=as_of, currencies=[_currency(totals, c) for c in totals.currencies]))


@routes.add("GET", "/v1/finance/journals/{journal_id}", who=FINANCE, answer=JournalView)
def get_journal(call: Call[Any]) -> Reply:
    """One journal, with the event that made it."""
    event = call.runtime.store.event(renamed(call.id("journal_id", "jrn"), "evt"))
    if event is None or event.journal is None:
        raise NotFound
    return Reply(_journal(event, event.journal))


@routes.add("GET", "/v1/finance/trace/{id}", who=FINANCE, heavy=True, answer=Trace)
def get_trace(call: Call[Any]) -> Reply:
    """From any id (request, session, journal, payout, Stripe object) the whole chain, cause first."""
    identifier = call.path["id"]
    chain = trace(identifier, TrailHistories()) if _ID.fullmatch(identifier) else []
    if not chain:
        raise NotFound
    return Reply(Trace(id=identifier, chain=[_link(link) for link in chain]))


def past(call: Call[Any], name: str, instant: int | None) -> int:
    """The instant that a query asks for, by default now. Raises InvalidRequest for the future."""
    if instant is not None and instant > call.now:
        raise InvalidRequest.at(f"/{name}", "must not lie in the future")
    return call.now if instant is None else max(0, instant)


def _link(link: Link) -> LinkView:
    """A request shows as its method and path; an operation that is gone, by its name."""
    calls = {operation.run.__name__: f"{operation.method} {operation.path}" for operation in served()}
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
        happened_at=event.at,
        created_at=journal.at,
    )
