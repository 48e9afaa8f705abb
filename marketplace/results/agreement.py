"""Agreement: several workers answer one item, each on a contract of their own, and judge one another.

An item takes at most 2k - 1 answers, so at most one answer can ever be given k times. Hence it does not
matter in which order they came: the answer that k gave is right, and every other one is wrong.
"""

from collections import Counter
from collections.abc import Iterable

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass, replace


@dataclass(frozen=True)
class Vote:
    """`answer` is the digest of what the result says."""

    result_id: str
    answer: str


@dataclass(frozen=True)
class Ballot:
    """The answers to one item of a task; `workers` is the k that must agree. An answer, once given, counts,
    whatever the client thinks of its result."""

    id: str
    workers: int
    votes: tuple[Vote, ...] = ()

    def with_vote(self, vote: Vote) -> "Ballot":
        """One more. Raises IllegalTransition when the item has all the answers it takes."""
        if len(self.votes) >= votes_max(self.workers):
            raise IllegalTransition("this item has all the answers it takes")
        return replace(self, votes=(*self.votes, vote))

    def verdicts(self) -> dict[str, bool]:
        """Result to whether it agrees; empty until enough do."""
        right = agreed((vote.answer for vote in self.votes), self.workers)
        return {} if right is None else {vote.result_id: vote.answer == right for vote in self.votes}


def votes_max(workers: int) -> int:
    """How many answers an item takes: the most among which no two can each be given `workers` times."""
    return 2 * workers - 1


def agreed(answers: Iterable[str], workers: int) -> str | None:
    """The answer that `workers` of them gave, or None."""
    ranked = Counter(answers).most_common(1)
    return ranked[0][0] if ranked and ranked[0][1] >= workers else None


def ballot_id(task_id: str, external_id: str) -> str:
    """The id of the ballot on this item of a task."""
    return derived_within("blt", task_id, external_id)
