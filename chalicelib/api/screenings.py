"""Background checks and tax forms: begun here, made by a provider, told by its webhooks."""

from typing import Any, Literal

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.compliance import screening as screenings
from marketplace.compliance.screening import Screening, ScreeningKind, ScreeningStatus, StartScreening
from marketplace.runtime import Runtime
from marketplace.shared.ids import new_id
from marketplace.storage.keys import WORKER_SCREENINGS

routes = Routes()


class NewScreening(Model):
    """What the provider should look at."""

    kind: Literal["background_check", "tax_form"]


class ScreeningView(Model):
    """A screening; `reason` is the provider's code, `url` where its worker goes while it is pending, null
    where no provider is set up."""

    id: str
    object: Literal["screening"] = "screening"
    worker_id: str
    kind: Literal["background_check", "tax_form"]
    status: Literal["pending", "passed", "failed", "expired"]
    reason: str | None
    expires_at: Instant | None
    opened_at: Instant
    url: str | None
    created_at: Instant


@routes.add(
    "POST", "/v1/workers/me/screenings", who=WORKER, body=NewScreening, answer=ScreeningView, status=201
)
def start_screening(call: Call[NewScreening]) -> Reply:
    """Begins a screening, or begins it again."""
    nonce = new_id("ref").rpartition("_")[2]
    command = StartScreening(own_worker_id(call), ScreeningKind(call.body.kind), nonce)
    return call.commit(
        lambda tx: screenings.start_screening(command, tx), lambda row: screening_view(row, call.runtime)
    )


@routes.add("GET", "/v1/workers/me/screenings", who=WORKER, query=PageQuery, answer=Page, row=ScreeningView)
def list_own_screenings(call: Call[Any]) -> Reply:
    """The caller's screenings."""
    return call.page(WORKER_SCREENINGS, own_worker_id(call), lambda row: screening_view(row, call.runtime))


def screening_view(screening: Screening, runtime: Runtime) -> ScreeningView:
    """A screening for its worker."""
    pending = screening.status == ScreeningStatus.PENDING
    return ScreeningView(
        id=screening.id,
        worker_id=screening.worker_id,
        kind=screening.kind.value,
        status=screening.status.value,
        reason=screening.last.reason if screening.last else None,
        expires_at=screening.expires_at,
        opened_at=screening.opened_at,
        created_at=screening.created_at,
        url=runtime.screenings.link(screening) if pending else None,
    )
