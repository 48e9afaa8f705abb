"""Works on what the provider of screenings told us, or tells when it is asked: each finding once, in whatever
order they come.
"""

from marketplace.compliance.screening import Finding, Screening, ScreeningStatus, hear_finding
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.running import consequence, run

ACTOR = "screening"


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again."""
    finding = _looked_up(event, runtime) if event.type == EventType.SCREENING_DUE else _told(event)
    if finding is None:
        return
    cause = consequence(event, f"{event.id} heard", actor=ACTOR, at=runtime.clock.now())
    run(runtime.store, cause, lambda tx: hear_finding(finding, tx))


def _told(event: Event) -> Finding:
    told = event.details
    return Finding(
        reference=told["reference"],
        status=ScreeningStatus(told["status"]),
        occurred_at=told["occurred_at"],
        expires_at=told.get("expires_at"),
        reason=told.get("reason"),
    )


def _looked_up(event: Event, runtime: Runtime) -> Finding | None:
    """What the provider says now. Raises ProviderUnavailable: no answer says nothing."""
    found = runtime.store.read(Screening, event.about[0])
    if found is None or found[0].status != ScreeningStatus.PENDING:
        return None
    return runtime.screenings.look_up(found[0])
