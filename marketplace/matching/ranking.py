"""The best match: tasks of a window, ranked for one worker.

A window is a bounded stretch of the newest tasks, first of those that ask for a skill of the worker's, then
of the others. What its scores rest on stays in it, from page to page: which tasks they are, the instant, and
what is usual pay. So pages neither repeat nor lose a task, whatever is posted or closed meanwhile.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import field
from decimal import Decimal, InvalidOperation

from marketplace.matching.fit import Fit, Profile, fit, usual_price
from marketplace.matching.search import facts_of
from marketplace.shared.records import dataclass
from marketplace.work.task import Task

USUAL_MAX = 3
"""For so many pairs of model and currency a window knows what is usual: the most frequent ones."""
SKILLS_MAX = 5
"""So many of a worker's skills are looked for, the best first."""
END = "-"

Usual = dict[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Window:
    """`before` is the position above it, `least` the lowest one in it (empty: not known yet; END: all that is
    left); `after` is the score and the id that the page before ended with. `at` is epoch seconds."""

    by_skill: bool
    at: int
    before: str = ""
    least: str = ""
    after: tuple[int, str] | None = None
    usual: Usual = field(default_factory=dict)

    def to_text(self) -> str:
        """For a cursor."""
        score, task_id = self.after or ("", "")
        usual = [f"{model}:{currency}:{price}" for (model, currency), price in self.usual.items()]
        parts = ("s" if self.by_skill else "r", self.at, self.before, self.least, score, task_id, *usual)
        return "|".join(map(str, parts))

    @classmethod
    def of_text(cls, text: str) -> "Window":
        """The window again. Raises ValueError."""
        phase, at, before, least, score, task_id, *usual = text.split("|")
        rows = [row.split(":") for row in usual]
        try:
            prices = {(model, currency): Decimal(price) for model, currency, price in rows}
        except InvalidOperation as broken:
            raise ValueError(text) from broken
        after = (int(score), task_id) if task_id else None
        return cls(phase == "s", int(at), before, least, after, prices)


@dataclass(frozen=True)
class Match:
    """A task and how it fits."""

    task: Task
    fit: Fit


def ranked(profile: Profile, tasks: Iterable[Task], window: Window) -> list[Match]:
    """The best first, the newer of equals; only what comes after the page before."""
    matches = []
    for task in tasks:
        facts = facts_of(task)
        usual = window.usual.get((facts.model, facts.currency))
        age = window.at - task.created_at
        matches.append(Match(task, fit(profile, facts, usual=usual, age_seconds=age)))
    matches.sort(key=_rank, reverse=True)
    return [match for match in matches if window.after is None or _rank(match) < window.after]


def after(match: Match) -> tuple[int, str]:
    """Where a page ends with this one."""
    return _rank(match)


def usual_of(tasks: Iterable[Task]) -> Usual:
    """What these tasks usually pay, by model and currency."""
    prices = defaultdict(list)
    for facts in map(facts_of, tasks):
        prices[facts.model, facts.currency].append(facts.price)
    often = Counter({pair: len(rows) for pair, rows in sorted(prices.items())})
    return {pair: usual_price(prices[pair]) for pair, _ in often.most_common(USUAL_MAX)}


def best_skills(profile: Profile) -> tuple[str, ...]:
    """The skills that are looked for."""
    return tuple(sorted(profile.skills, key=lambda name: (-profile.skills[name], name))[:SKILLS_MAX])


def _rank(match: Match) -> tuple[int, str]:
    return match.fit.score, match.task.id
