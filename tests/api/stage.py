"""Two tenants with one object of every kind, and everybody who should not get at them."""

from dataclasses import dataclass
from typing import Any

from chalicelib.types import rfc3339
from marketplace.access.principals import Role
from marketplace.ledger import postings
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.api.rows import EXAM
from tests.api.tenant import Tenant, tenant_of
from tests.people import Caller, World
from tests.receivers import receiver

DAY = 86_400
LONG_AGO = 1_456_790_400
"""2016-03-01: before anything that happened at Stripe, and apart from what other tests reconcile."""
BEFORE_ALL = "1970-01"
"""A month that anybody may close: nobody posts into it."""


@dataclass
class Stage:
    """Everybody and everything, made once."""

    ours: Tenant
    theirs: Tenant
    staff: dict[Role, Caller]
    staff_ids: dict[str, str]
    revoked: Caller
    expired: dict[Role, Caller]
    without_scope: dict[str, Caller]
    suspended: dict[Role, Caller]
    forgotten: dict[Role, Caller]
    """Those whose data has been erased."""
    newcomer: Caller
    """A worker who has no profile yet."""

    def right(self, role: Role) -> Caller:
        """Who may, if anybody of that role may."""
        if role == Role.CLIENT:
            return self.ours.client
        return self.ours.worker if role == Role.WORKER else self.staff[role]

    def stranger(self, role: Role) -> Caller:
        """A client or worker with objects of their own."""
        return self.theirs.client if role == Role.CLIENT else self.theirs.worker


def build(world: World) -> Stage:
    """Makes them all over HTTP; settles what it began."""
    operator, finance = world.person("operator"), world.person("finance")
    forgotten = _forgotten(world, operator)
    with receiver() as hooks:
        ours, theirs = (tenant_of(world, hooks.url) for _ in range(2))
    keys = {
        scope: ours.client.post("/v1/clients/me/api-keys", {"scopes": [scope]})["api_key"]
        for scope in ("work", "money")
    }
    revoked = ours.client.post("/v1/clients/me/api-keys", {"scopes": ["work", "money"]})
    gone = ours.client.call("DELETE", f"/v1/clients/me/api-keys/{revoked['id']}")
    assert gone.is_success, gone.text
    suspended = _suspended(world, operator)
    return Stage(
        ours=ours,
        theirs=theirs,
        staff={Role.OPERATOR: operator, Role.FINANCE: finance},
        staff_ids={
            **_staff_ids(world, operator, finance, ours),
            "client_id": suspended[Role.CLIENT].id,
            "worker_id": suspended[Role.WORKER].id,
            "forgotten_client_id": forgotten[Role.CLIENT].id,
        },
        revoked=Caller(world.http, revoked["api_key"]),
        expired=_expired(world, ours),
        without_scope={
            "money": Caller(world.http, keys["work"]),
            "work": Caller(world.http, keys["money"]),
        },
        suspended=suspended,
        forgotten=forgotten,
        newcomer=world.person("worker"),
    )


def _expired(world: World, ours: Tenant) -> dict[Role, Caller]:
    """Those whose token has run out; the worker is ours."""
    subjects = {
        Role.WORKER: ours.subject,
        Role.FINANCE: "expired-finance",
        Role.OPERATOR: "expired-operator",
    }
    return {
        role: world.person(role, subject=subject, expires_in_seconds=-7_200)
        for role, subject in subjects.items()
    }


def _suspended(world: World, operator: Caller) -> dict[Role, Caller]:
    """A client and a worker who are kept out."""
    client, worker = world.client(), world.worker()
    why = {"reason_code": "conduct", "reason": "for a test"}
    operator.post(f"/v1/clients/{client.id}/suspend", why)
    operator.post(f"/v1/workers/{worker.id}/deactivate", why)
    return {Role.CLIENT: client, Role.WORKER: worker}


def _forgotten(world: World, operator: Caller) -> dict[Role, Caller]:
    client, worker = world.client(), world.worker()
    operator.post(f"/v1/clients/{client.id}/erasure")
    worker.post("/v1/workers/me/erasure")
    world.farewell()
    return {Role.CLIENT: client, Role.WORKER: worker}


def _staff_ids(world: World, operator: Caller, finance: Caller, ours: Tenant) -> dict[str, str]:
    """What belongs to nobody: a fee schedule that never comes into effect, and a reconciliation that finds a
    journal which Stripe does not know."""
    agreement = operator.post("/v1/agreements", {"title": "Terms", "text": "Be kind."})
    qualification = operator.post("/v1/qualifications", {"name": "English", "exam": EXAM})
    at = world.system.clock.now() + 300 * DAY
    schedule = operator.post("/v1/fee-schedules", {"basis_points": 1_000, "effective_at": rfc3339(at)})
    event_id = _fee_of_nobody(world)
    window = {"from": rfc3339(LONG_AGO), "to": rfc3339(LONG_AGO + DAY)}
    file = finance.post("/v1/finance/export-files", {"export": "fees", **window})
    started = finance.post("/v1/finance/reconciliations", window)
    world.settle()
    found = finance.get(f"/v1/finance/reconciliations/{started['id']}/exceptions")["data"]
    return {
        "schedule_id": schedule["id"],
        "agreement_id": agreement["id"],
        "qualification_id": qualification["id"],
        "journal_id": event_id.replace("evt_", "jrn_"),
        "account_id": f"worker:{ours.worker.id}:available",
        "id": ours.ids["payout_id"],
        "reconciliation_id": started["id"],
        "exception_id": found[0]["id"],
        "file": "page.js",
        "export": "journal",
        "period": BEFORE_ALL,
        "export_file_id": file["id"],
        "public_rating_id": _public_rating(world, ours),
    }


def _public_rating(world: World, ours: Tenant) -> str:
    """Once both sides have rated, anybody may read."""
    contract = world.milestone_contract(ours.client, ours.worker, 100)
    path = f"/v1/contracts/{contract['id']}"
    ours.client.post(f"{path}/complete")
    for side in (ours.worker, ours.client):
        rating_id = side.post(f"{path}/ratings", {"overall": 5})["id"]
    return str(rating_id)


def _fee_of_nobody(world: World) -> str:
    event_id = new_id("evt")

    def posted(tx: Transaction) -> Any:
        tx.post("USD", "Stripe's fee", postings.stripe_fee(77), references=("txn_of_nobody",))
        tx.publish(EventType.STRIPE_FEE_POSTED, about=("txn_of_nobody",))

    run(world.system.runtime.store, Cause(event_id, "test", new_id("req"), LONG_AGO + 60), posted)
    return event_id
