"""Heartbeats that came after their session's end: no pay, but a worker's evidence for a correction.

They are kept merged: heartbeats no further apart than silence make one span, so that a phone that was
offline for a whole shift leaves one small row. A sequence inside a span counts as a duplicate.
"""

from marketplace.metering.session import SILENCE_SECONDS
from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass, replace

SPANS_MAX = 50


@dataclass(frozen=True)
class Span:
    """`heartbeats` with sequences `first_sequence`..`last_sequence`, from `started_at` to `ended_at`."""

    first_sequence: int
    last_sequence: int
    started_at: int
    ended_at: int
    heartbeats: int = 1

    def joined(self, later: "Span") -> "Span | None":
        """Both as one, or None when they lie too far apart or out of order."""
        if not 0 <= later.started_at - self.ended_at <= SILENCE_SECONDS:
            return None
        return Span(
            self.first_sequence,
            later.last_sequence,
            self.started_at,
            later.ended_at,
            self.heartbeats + later.heartbeats,
        )


@dataclass(frozen=True)
class Evidence:
    """The late heartbeats of one session, spans ordered by sequence."""

    id: str
    session_id: str
    spans: tuple[Span, ...] = ()

    @property
    def seconds(self) -> int:
        """How long the spans are together."""
        return sum(span.ended_at - span.started_at for span in self.spans)

    def with_heartbeat(self, sequence: int, at: int) -> "Evidence":
        """One more; a duplicate, or one beyond SPANS_MAX, changes nothing."""
        if any(span.first_sequence <= sequence <= span.last_sequence for span in self.spans):
            return self
        ordered = sorted(
            (*self.spans, Span(sequence, sequence, at, at)), key=lambda span: span.first_sequence
        )
        merged: list[Span] = []
        for span in ordered:
            joined = merged[-1].joined(span) if merged else None
            if joined is None:
                merged.append(span)
            else:
                merged[-1] = joined
        return self if len(merged) > SPANS_MAX else replace(self, spans=tuple(merged))


def evidence_id(session_id: str) -> str:
    """The id of what is kept beside this session."""
    return derived_within("evi", session_id)
