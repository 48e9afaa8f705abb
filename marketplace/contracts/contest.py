"""What decides about a piece of work in place of its client: a dispute, or a scorecard.

While it lives, the work's own clock stands still, and nobody approves, rejects or changes the work.
"""

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.records import dataclass, replace


@dataclass(frozen=True)
class Contest:
    """`by` is the id of the dispute or the outcome, `since` epoch seconds; `to_worker` is what the worker got
    in the end, gross minor units, None while it is not decided."""

    by: str
    since: int
    to_worker: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is not decided yet."""
        return self.to_worker is None

    def decided(self, to_worker: int) -> "Contest":
        """Raises IllegalTransition when it is decided already."""
        if not self.is_live:
            raise IllegalTransition(f"{self.by} has decided about it")
        return replace(self, to_worker=to_worker)


def require_uncontested(contest: Contest | None) -> None:
    """Raises IllegalTransition."""
    if contest is not None:
        verb = "decides" if contest.is_live else "has decided"
        raise IllegalTransition(f"{contest.by} {verb} about it")


def lives(contest: Contest | None) -> bool:
    """Whether something is being decided."""
    return contest is not None and contest.is_live


def ended(contest: Contest | None, to_worker: int) -> Contest:
    """The contest with its end. Raises IllegalTransition where there is none, or it has one."""
    if contest is None:
        raise IllegalTransition("nothing decides about it")
    return contest.decided(to_worker)


def stood_still(contest: Contest | None, at: int) -> int:
    """For how many seconds a clock has stood still by `at`; none where our machines' clocks say less."""
    return max(0, at - contest.since) if contest is not None else 0
