"""Referrals: who brought whom."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.people import referral
from marketplace.people.referral import NameReferrer, Referral, ReferralCode, referral_code_id, referral_id
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import REFERRED

CODE_LENGTH = 12
"""Of what is random in an id: 60 bits."""

routes = Routes()

Code = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]


class NewReferral(Model):
    """The code of who referred the caller."""

    code: Code


class ReferralCodeView(Model):
    """What a worker passes on."""

    object: Literal["referral_code"] = "referral_code"
    worker_id: str
    code: str
    created_at: Instant


class ReferralView(Model):
    """`worker_id` was referred by `referrer_id`; both see it, and nobody else."""

    id: str
    object: Literal["referral"] = "referral"
    referrer_id: str
    worker_id: str
    created_at: Instant


def fresh_code(call: Call[Any]) -> str:
    """A code that nobody has."""
    return call.runtime.new_id("code")[-CODE_LENGTH:]


@routes.add("POST", "/v1/workers/me/referral-code", who=WORKER, answer=ReferralCodeView, status=201)
def create_referral_code(call: Call[NoBody]) -> Reply:
    """Makes the caller's code; there is one for each worker."""
    worker_id, code = own_worker_id(call), fresh_code(call)
    return call.commit(lambda tx: referral.make_code(worker_id, code, tx), referral_code_view)


@routes.add("GET", "/v1/workers/me/referral-code", who=WORKER, answer=ReferralCodeView)
def get_referral_code(call: Call[Any]) -> Reply:
    """The caller's code."""
    found = call.runtime.store.read(ReferralCode, referral_code_id(own_worker_id(call)))
    if found is None:
        raise NotFound
    return Reply(referral_code_view(found[0]))


@routes.add("POST", "/v1/workers/me/referral", who=WORKER, body=NewReferral, answer=ReferralView, status=201)
def name_referrer(call: Call[NewReferral]) -> Reply:
    """Says who referred the caller, once, within 30 days of making the profile."""
    command = NameReferrer(own_worker_id(call), call.body.code, call.runtime.new_id("rfl"))
    return call.commit(lambda tx: referral.name_referrer(command, tx), referral_view)


@routes.add("GET", "/v1/workers/me/referral", who=WORKER, answer=ReferralView)
def get_referral(call: Call[Any]) -> Reply:
    """Who referred the caller."""
    found = call.runtime.store.read(Referral, referral_id(own_worker_id(call)))
    if found is None:
        raise NotFound
    return Reply(referral_view(found[0]))


@routes.add("GET", "/v1/workers/me/referrals", who=WORKER, query=PageQuery, answer=Page, row=ReferralView)
def list_referrals(call: Call[Any]) -> Reply:
    """Whom the caller has referred."""
    return call.page(REFERRED, own_worker_id(call), referral_view)


def referral_code_view(row: ReferralCode) -> ReferralCodeView:
    """A code for an answer."""
    return ReferralCodeView(worker_id=row.worker_id, code=row.code, created_at=row.created_at)


def referral_view(row: Referral) -> ReferralView:
    """A referral for an answer."""
    return ReferralView(
        id=row.id, referrer_id=row.referrer_id, worker_id=row.worker_id, created_at=row.created_at
    )
