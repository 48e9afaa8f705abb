"""Works on what the provider of screenings told us: each event once, whatever order they come in."""

from marketplace.compliance.screening import Finding, ScreeningStatus, hear_finding
from marketplace.runtime import Runtime
from marketplace.shared.events import Event
from marketplace.shared.running import consequence, run

ACTOR = "screening"


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again."""
    told = event.details
    finding = Finding(
        reference=told["reference"],
        status=ScreeningStatus(told["status"]),
        occurred_at=told["occurred_at"],
        expires_at=told.get("expires_at"),
        reason=told.get("reason"),
    )
    cause = consequence(event, f"{event.id} heard", actor=ACTOR, at=runtime.clock.now())
    run(runtime.store, cause, lambda tx: hear_finding(finding, tx))
