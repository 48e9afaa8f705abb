"""Compares the ranking of workers with simple ones, on a market that is made up.

python -m benchmarks.matching [SEEDS]      2 unless said

The market is synthetic, and so are the figures: they show that the ranking does what it is meant to where its
assumptions hold, and what its exploration costs and gives there. They are no forecast of a real market.

Assumed: 80 workers, a third of whom come in while it runs. Each has a hidden quality, Beta(5, 2), a hidden
reliability, Beta(8, 2), and three of five skills, whose levels are claimed with an error of one; asks for 80
to 140 % of what is offered; and is away for some weeks. For 60 days ten tasks come a day, each for one skill
or two. The client asks the first ten, in an order in which the upper ones mostly come first (by 1 / rank);
who is away or has four contracts says nothing, and the next is asked. Work takes 3 to 14 days; then a
contract is completed or left, and rated by quality and skill, with noise. Every ranking plays the
same market.

A hire is worth true skill times quality times reliability, 0 to 1.

    regret    the worth that is lost against the best worker who was free
    ndcg@10   how near the first ten come to the ten that are worth most
    new       newcomers (fewer than three contracts ended) among those hired, by their share of all who have a
              skill that is asked for: 1.00 is a share like everybody's
    hired     how many of all workers were hired at least once
"""

import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean

from marketplace.matching.fit import Profile
from marketplace.matching.hiring import Known, Sought, profile_points, suits
from marketplace.matching.track import NO_TRACK, Course, Entry, Track
from marketplace.people.standing import Standing, unrated

WORKERS, DAYS, TASKS_A_DAY, SKILLS, FIRST = 80, 60, 10, 5, 10
CONTRACTS_MAX = 4
DAY_SECONDS = 86_400
SEEDS = 2
_HEAD = f"{'ranking':<20}{'regret':>8}{'ndcg@10':>9}{'new':>7}{'hired':>7}"


@dataclass
class Worker:
    """`skills` are true levels 0 to 1, `away` the days on which nothing is heard."""

    id: str
    since: int
    quality: float
    reliability: float
    skills: dict[str, float]
    profile: Profile
    asked: int
    away: range
    standing: Standing
    track: Track = NO_TRACK

    def worth(self, skills: Sequence[str]) -> float:
        """Of a hire, for these skills."""
        return mean(self.skills.get(name, 0.0) for name in skills) * self.quality * self.reliability

    def is_free(self, day: int) -> bool:
        """Whether there is an answer."""
        return day not in self.away and self.track.under_way < CONTRACTS_MAX

    def known(self, day: int) -> Known:
        """What the market knows."""
        track = self.track if day in self.away else self.track.seen(day * DAY_SECONDS)
        self.track = track
        return Known(self.id, self.profile, self.standing.count, self.standing.score, track)


@dataclass(frozen=True)
class Task:
    """What is asked for on a day."""

    id: str
    day: int
    skills: tuple[str, ...]

    @property
    def sought(self) -> Sought:
        """As the ranking knows it."""
        return Sought(self.skills, (), f"{self.id}|{self.day}")


Rank = Callable[[Task, Worker], float]
"""The higher, the better."""


def _ours(task: Task, worker: Worker) -> float:
    return suits(task.sought, worker.known(task.day), task.day * DAY_SECONDS).score


def _without_exploration(task: Task, worker: Worker) -> float:
    fit = suits(task.sought, worker.known(task.day), task.day * DAY_SECONDS)
    return sum(part.points for part in fit.parts if part.code != "exploration")


def _at_random(task: Task, worker: Worker) -> float:
    return random.Random(f"{task.id}{worker.id}").random()


RANKINGS: dict[str, Rank] = {
    "random": _at_random,
    "newest": lambda _, worker: worker.since,
    "rating only": lambda _, worker: float(worker.standing.score),
    "skill only": lambda task, worker: profile_points(task.sought, worker.profile),
    "no exploration": _without_exploration,
    "ours": _ours,
}


@dataclass
class Figures:
    """What came of each task, and of the market."""

    regrets: list[float] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)
    newcomers_hired: int = 0
    newcomers_share: list[float] = field(default_factory=list)
    hired: set[str] = field(default_factory=set)

    def row(self) -> tuple[float, float, float, float]:
        """Regret, NDCG, newcomers' share by their part, and who was hired of all."""
        share = self.newcomers_hired / max(1, len(self.regrets)) / max(0.001, mean(self.newcomers_share))
        return mean(self.regrets), mean(self.gains), share, len(self.hired) / WORKERS


def play(rank: Rank, seed: int, days: int = DAYS) -> Figures:
    """The whole market under one ranking."""
    source, figures = random.Random(seed), Figures()
    workers = [_worker(number, source) for number in range(WORKERS)]
    ending: dict[int, list[Callable[[], None]]] = {}
    for day in range(days):
        for end in ending.pop(day, []):
            end()
        for number in range(TASKS_A_DAY):
            names = [f"skill{n}" for n in source.sample(range(SKILLS), source.choice((1, 2)))]
            task = Task(f"{seed}-{day}-{number}", day, tuple(names))
            luck = random.Random(task.id)
            _hire(task, [one for one in workers if one.since <= day], rank, luck, ending, figures)
    return figures


def _worker(number: int, source: random.Random) -> Worker:
    names = [f"skill{n}" for n in source.sample(range(SKILLS), 3)]
    true = {name: source.randint(1, 5) for name in names}
    claimed = {name: min(5, max(1, level + source.choice((-1, 0, 1)))) for name, level in true.items()}
    since = 0 if number % 3 else source.randrange(DAYS)
    gone = source.randrange(DAYS)
    return Worker(
        id=f"wrk{number}",
        since=since,
        quality=source.betavariate(5, 2),
        reliability=source.betavariate(8, 2),
        skills={name: level / 5 for name, level in true.items()},
        profile=Profile(claimed, ()),
        asked=source.randint(8_000, 14_000),
        away=range(gone, gone + source.randrange(30)),
        standing=unrated(f"wrk{number}"),
        track=replace(NO_TRACK, seen_at=since * DAY_SECONDS),
    )


def _hire(
    task: Task,
    there: list[Worker],
    rank: Rank,
    luck: random.Random,
    ending: dict[int, list[Callable[[], None]]],
    figures: Figures,
) -> None:
    able = [worker for worker in there if set(task.skills) & worker.skills.keys()]
    ranked = sorted(able, key=lambda worker: (rank(task, worker), worker.id), reverse=True)
    best = max(worker.worth(task.skills) for worker in able if worker.is_free(task.day))
    figures.gains.append(_ndcg([worker.worth(task.skills) for worker in ranked]))
    figures.newcomers_share.append(sum(worker.track.is_newcomer for worker in able) / len(able))
    first = _asked_in_turn(ranked[:FIRST], luck)
    hired = next((worker for worker in first if worker.is_free(task.day)), None)
    figures.regrets.append(best - (hired.worth(task.skills) if hired else 0.0))
    if hired is None:
        return
    figures.hired.add(hired.id)
    figures.newcomers_hired += hired.track.is_newcomer
    entry = Entry(task.id, task.day * DAY_SECONDS, hired.asked)
    hired.track = hired.track.told(entry)
    ending.setdefault(task.day + luck.randint(3, 14), []).append(_end(hired, task, entry, luck))


def _asked_in_turn(first: list[Worker], luck: random.Random) -> list[Worker]:
    """The upper ones first more often: by a weight of 1 / rank, without putting back."""
    keys = {worker.id: luck.random() ** rank for rank, worker in enumerate(first, 1)}
    return sorted(first, key=lambda worker: keys[worker.id], reverse=True)


def _end(worker: Worker, task: Task, entry: Entry, luck: random.Random) -> Callable[[], None]:
    keeps = luck.random() < worker.reliability
    level = mean(worker.skills.get(name, 0.0) for name in task.skills)
    stars = min(5, max(1, round(2 + 3 * worker.quality * (0.5 + level / 2) + luck.gauss(0, 0.5))))

    def end() -> None:
        course = Course.COMPLETED if keeps else Course.LEFT
        worker.track = worker.track.told(replace(entry, course=course))
        if keeps:
            worker.standing = worker.standing.with_rating(stars)

    return end


def _ndcg(worths: Sequence[float]) -> float:
    """Of the first ten, against the ten best."""
    best = sorted(worths, reverse=True)
    return _discounted(worths) / _discounted(best)


def _discounted(worths: Sequence[float]) -> float:
    return sum(worth / math.log2(place + 1) for place, worth in enumerate(worths[:FIRST], 1))


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 where a baseline loses less than ours."""
    seeds = int(arguments[0]) if arguments else SEEDS
    print(f"A synthetic market, {seeds} seeds, {WORKERS} workers, {DAYS * TASKS_A_DAY} tasks")
    print(_HEAD)
    regrets = {}
    for name, rank in RANKINGS.items():
        rows = [play(rank, seed).row() for seed in range(seeds)]
        regret, gain, new, hired = (mean(column) for column in zip(*rows, strict=True))
        regrets[name] = regret
        print(f"{name:<20}{regret:>8.3f}{gain:>9.3f}{new:>7.2f}{hired:>7.0%}")
    for name in ("random", "newest", "rating only", "skill only"):
        print(f"regret of {name} is {regrets[name] / regrets['ours']:.2f} times ours")
    return 0 if regrets["ours"] == min(regrets[name] for name in RANKINGS if name != "no exploration") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
