"""A dispute's evidence, read from the histories and the heads as they are now."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from chalicelib.types import Instant, Model
from marketplace.contracts.contract import Contract
from marketplace.disputes import evidence
from marketplace.disputes.dispute import Dispute
from marketplace.disputes.evidence import EvidenceLine
from marketplace.metering.evidence import Evidence, evidence_id
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.results.result import Result
from marketplace.runtime import Runtime
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.storage.histories import TrailHistories
from marketplace.storage.keys import CONTRACT_MESSAGES

EVENTS_MAX = 100
"""Of each history: so many of its first events, and of its last."""

MESSAGES_MAX = 100
"""The newest of the contract's."""

_KINDS: dict[str, Any] = {"ses": Session, "res": Result, "out": Outcome}


class EvidenceLineView(Model):
    """What happened, and who did it."""

    at: Instant
    what: str
    by: str
    details: dict[str, JsonValue]


def evidence_of(dispute: Dispute, runtime: Runtime) -> list[EvidenceLineView]:
    """Oldest first."""
    lines = evidence.of_events(_events(dispute, runtime), dispute)
    written, _ = runtime.reads.page(CONTRACT_MESSAGES, dispute.contract_id, limit=MESSAGES_MAX)
    said = evidence.of_messages(reversed(written))
    told = sorted((*lines, *_log(dispute.subject_id, runtime), *said), key=lambda line: line.at)
    return [EvidenceLineView(at=line.at, what=line.what, by=line.by, details=line.details) for line in told]


def _log(subject_id: str, runtime: Runtime) -> Iterator[EvidenceLine]:
    found = runtime.store.read(Session, subject_id) if prefix_of(subject_id) == "ses" else None
    if found is not None:
        late = runtime.store.read(Evidence, evidence_id(subject_id))
        yield from evidence.of_session(found[0], late[0] if late else None)


def _events(dispute: Dispute, runtime: Runtime) -> list[Event]:
    """From the histories, and what still rides on heads."""
    named, riding = {dispute.id, dispute.subject_id}, [*_riding(Dispute, dispute.id, runtime)]
    riding += _riding(Contract, dispute.contract_id, runtime)
    kind = _KINDS.get(prefix_of(dispute.subject_id))
    if kind is not None:
        riding += _riding(kind, dispute.subject_id, runtime)
    histories = TrailHistories()
    identifiers = {one for name in named for one in histories.events_about(name, EVENTS_MAX)}
    return [*histories.events(identifiers), *(one for one in riding if named.intersection(one.about))]


def _riding(kind: type[Any], identifier: str, runtime: Runtime) -> tuple[Event, ...]:
    found = runtime.store.head(kind, identifier)
    return found.riding if found else ()
