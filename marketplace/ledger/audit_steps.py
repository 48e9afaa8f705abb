"""Law 4 from histories: no state is left more often than it was come to.

The tables of transitions, told as counts of events, so that they hold in whatever order events were written
by machines whose clocks differ: work is approved at most as often as it was handed in, and ends once.
"""

from collections.abc import Iterator, Mapping

from marketplace.ledger.audit import Breach
from marketplace.shared.events import EventType as E
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class Rule:
    """For each object of that prefix: events of `taken` are at most `spare` more than those of `given`."""

    prefix: str
    taken: tuple[E, ...]
    given: tuple[E, ...] = ()
    spare: int = 0


RULES = (
    Rule("task", (E.TASK_OPENED,), (E.TASK_DRAFTED,)),
    Rule("task", (E.TASK_CLOSED,), (E.TASK_DRAFTED,)),
    Rule("bid", (E.BID_AWARDED,), (E.BID_SUBMITTED, E.CONTRACT_CANCELLED)),
    Rule("con", (E.CONTRACT_ACTIVE,), spare=1),
    Rule("con", (E.CONTRACT_COMPLETED, E.CONTRACT_CANCELLED), spare=1),
    Rule("con", (E.CONTRACT_COMPLETED,), (E.CONTRACT_ACTIVE,)),
    Rule("con", (E.CONTRACT_PAUSED,), (E.CONTRACT_ACTIVE, E.CONTRACT_RESUMED)),
    Rule("con", (E.CONTRACT_RESUMED,), (E.CONTRACT_PAUSED,)),
    Rule("mil", (E.MILESTONE_SUBMITTED,), (E.MILESTONE_CHANGES_REQUESTED,), spare=1),
    Rule("mil", (E.MILESTONE_APPROVED, E.MILESTONE_CHANGES_REQUESTED), (E.MILESTONE_SUBMITTED,)),
    Rule("mil", (E.MILESTONE_APPROVED, E.MILESTONE_CANCELLED), spare=1),
    Rule("ses", (E.SESSION_STARTED,), spare=1),
    Rule("ses", (E.SESSION_STOPPED,), (E.SESSION_STARTED,)),
    Rule("ses", (E.SESSION_APPROVED,), (E.SESSION_STOPPED,)),
    Rule("ses", (E.SESSION_DISPUTED,), (E.SESSION_STOPPED,)),
    Rule("res", (E.RESULT_SUBMITTED,), spare=1),
    Rule("res", (E.RESULT_ACCEPTED, E.RESULT_REJECTED), spare=1),
    Rule("res", (E.RESULT_REVERSED,), (E.RESULT_ACCEPTED,)),
    Rule("top", (E.TOP_UP_SUCCEEDED,), spare=1),
    Rule("ref", (E.REFUND_REQUESTED,), spare=1),
    Rule("ref", (E.REFUND_SUCCEEDED,), spare=1),
    Rule("ref", (E.REFUND_FAILED, E.REFUND_CANCELED), spare=1),
    Rule("chb", (E.CHARGEBACK_WITHDRAWN,), spare=1),
    Rule("chb", (E.CHARGEBACK_REINSTATED,), (E.CHARGEBACK_WITHDRAWN,)),
    Rule("pay", (E.PAYOUT_REQUESTED,), spare=1),
    Rule("pay", (E.PAYOUT_CANCELLED,), spare=1),
)

_RULES_OF = {
    prefix: tuple(rule for rule in RULES if rule.prefix == prefix)
    for prefix in {rule.prefix for rule in RULES}
}
COUNTED = frozenset((rule.prefix, kind) for rule in RULES for kind in (*rule.taken, *rule.given))
"""What is to be counted: prefix and type."""


def step_breaches(subject: str, prefix: str, counts: Mapping[str, int]) -> Iterator[Breach]:
    """What an object's events, counted by type, say of its states."""
    for rule in _RULES_OF.get(prefix, ()):
        taken = sum(counts.get(kind, 0) for kind in rule.taken)
        if taken <= rule.spare:
            continue
        given = sum(counts.get(kind, 0) for kind in rule.given) + rule.spare
        if taken > given:
            names = " or ".join(rule.taken)
            yield Breach(4, subject, f"{names} happened {taken} times, where {given} were possible")
