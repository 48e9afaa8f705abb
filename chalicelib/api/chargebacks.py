"""Chargebacks: what a card's bank takes back, and what the client says against it."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model, Money, printable
from marketplace.funding import evidence
from marketplace.funding.chargeback import PREFIX, Chargeback
from marketplace.funding.evidence import GiveEvidence
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import CLIENT_CHARGEBACKS

EVIDENCE_MAX = 20_000
"""Characters that Stripe takes as one text. (Stripe: /api/disputes/evidence_object)"""

routes = Routes()


class NewEvidence(Model):
    """What the bank shall read."""

    text: Annotated[str, Field(min_length=1, max_length=EVIDENCE_MAX), AfterValidator(printable)]


class TakenView(Model):
    """Where the withdrawn amount came from, minor units: the wallet, what contracts held, and what was owed
    because neither had it (some of it may be paid by now); `written_off` is our loss."""

    wallet: int
    holds: int
    owed: int
    written_off: int
    frozen_contracts: int


class ChargebackView(Model):
    """A dispute of a card payment. An inquiry takes nothing; a chargeback takes its amount at once, and a won
    one brings it back. `evidence` says how far the client's answer has come."""

    id: str
    object: Literal["chargeback"] = "chargeback"
    status: Literal[
        "inquiry_needs_response",
        "inquiry_under_review",
        "inquiry_closed",
        "prevented",
        "needs_response",
        "under_review",
        "lost",
        "won",
    ]
    top_up_id: str
    stripe_dispute: str
    amount: Money
    reason: str
    evidence: Literal["given", "submitted", "refused"] | None
    evidence_due_at: Instant | None
    taken: TakenView | None
    funds_withdrawn_at: Instant | None
    funds_reinstated_at: Instant | None
    closed_at: Instant | None
    created_at: Instant


def chargeback_view(chargeback: Chargeback) -> ChargebackView:
    """A chargeback for an answer."""
    withdrawal = chargeback.withdrawal
    return ChargebackView(
        id=chargeback.id,
        status=chargeback.status.value,
        top_up_id=chargeback.top_up_id,
        stripe_dispute=chargeback.dispute,
        amount=Money.of(chargeback.amount),
        reason=chargeback.reason,
        evidence=chargeback.evidence.status.value if chargeback.evidence else None,
        evidence_due_at=chargeback.due_by,
        taken=_taken_view(chargeback),
        funds_withdrawn_at=withdrawal.at if withdrawal else None,
        funds_reinstated_at=withdrawal.reinstated_at if withdrawal else None,
        closed_at=chargeback.closed_at,
        created_at=chargeback.opened_at,
    )


def _taken_view(chargeback: Chargeback) -> TakenView | None:
    withdrawal = chargeback.withdrawal
    if withdrawal is None:
        return None
    return TakenView(
        wallet=withdrawal.wallet,
        holds=withdrawal.holds,
        owed=withdrawal.uncovered,
        written_off=withdrawal.written_off,
        frozen_contracts=withdrawal.contracts,
    )


@routes.add("GET", "/v1/wallet/chargebacks", who=CLIENT, query=PageQuery, answer=Page, row=ChargebackView)
def list_chargebacks(call: Call[Any]) -> Reply:
    """The client's chargebacks."""
    return call.page(CLIENT_CHARGEBACKS, call.principal.id, chargeback_view)


@routes.add("GET", "/v1/wallet/chargebacks/{chargeback_id}", who=CLIENT, answer=ChargebackView)
def get_chargeback(call: Call[Any]) -> Reply:
    """One chargeback of the client's."""
    chargeback = call.get(Chargeback, call.id("chargeback_id", PREFIX))
    if chargeback.client_id != call.principal.id:
        raise NotFound
    return Reply(chargeback_view(chargeback))


@routes.add(
    "POST",
    "/v1/wallet/chargebacks/{chargeback_id}/evidence",
    who=CLIENT,
    scope="money",
    body=NewEvidence,
    answer=ChargebackView,
    key_required=True,
)
def give_evidence(call: Call[NewEvidence]) -> Reply:
    """Says something against it, once; the bank gets it through Stripe."""
    command = GiveEvidence(call.id("chargeback_id", PREFIX), call.principal.id, call.body.text)
    return call.commit(partial(evidence.give_evidence, command), chargeback_view)
