"""How well a worker suits a task, in points that explain themselves.

    skills        3,000   the share of the asked skills that the worker has, by level
    languages     1,500   the share of the asked languages that the worker speaks
    performance   2,000   the Bayesian mean of the ratings: nothing up to 3, all at 5
    reliability   1,500   contracts completed, of those that were completed, left, or lost a dispute about
    price           500   all at what tasks offer, nothing at half as much again
    availability  1,500   active in the last week, nothing after sixty days or with six contracts
    exploration           the benefit of the doubt: by how much performance and reliability may well be better

The last is at most what performance and reliability leave open, so a score is 0 to 10,000.
Everybody begins as if a few contracts had gone like most people's do: PRIOR_COMPLETED of them well.
"""

from decimal import Decimal

from marketplace.matching.exploration import draw
from marketplace.matching.fit import Fit, Part, Profile, Words, language_part, points_of, skill_part
from marketplace.matching.track import Track
from marketplace.people.standing import PRIOR_WEIGHT
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.shared.records import dataclass

SKILLS, LANGUAGES, PERFORMANCE, RELIABILITY, PRICE, AVAILABILITY = 3_000, 1_500, 2_000, 1_500, 500, 1_500
RATINGS_MAX = 40
"""More ratings leave as little doubt as so many."""
PRIOR_COMPLETED, PRIOR_FAILED = 4, 1
DEAR_BASIS_POINTS = 15_000
DAY_SECONDS = 86_400
ACTIVE_DAYS, GONE_DAYS = 7, 60
FREE_CONTRACTS, FULL_CONTRACTS = 2, 6
POOR, HIGHEST = 3, 5
"""Ratings: a mean of POOR or less counts nothing."""
_TO_THE_CLIENT = Words("the task ", "has", "names", "speaks")


@dataclass(frozen=True)
class Sought:
    """What a task asks for: names as they are compared. The seed decides who gets a benefit of doubt."""

    skills: tuple[str, ...]
    languages: tuple[str, ...]
    seed: str


@dataclass(frozen=True)
class Known:
    """What is known of a worker: `score` is the Bayesian mean of `ratings` ratings."""

    worker_id: str
    profile: Profile
    ratings: int
    score: Decimal
    track: Track


def suits(sought: Sought, known: Known, at: int) -> Fit:
    """The score at `at`, epoch seconds, and what it is made of."""
    performance, reliability = _performance_part(known), _reliability_part(known.track)
    return Fit(
        (
            *_profile_parts(sought, known.profile),
            performance,
            reliability,
            _price_part(known.track.asked),
            _availability_part(known.track, at),
            _benefit_part(f"{sought.seed}|{known.worker_id}", known, performance, reliability),
        )
    )


def profile_points(sought: Sought, profile: Profile) -> int:
    """What skills and languages alone come to: known from a row, without reading the worker."""
    return sum(part.points for part in _profile_parts(sought, profile))


def _profile_parts(sought: Sought, profile: Profile) -> tuple[Part, Part]:
    return (
        skill_part(profile, sought.skills, SKILLS, _TO_THE_CLIENT),
        language_part(profile, sought.languages, LANGUAGES, _TO_THE_CLIENT),
    )


def _performance_part(known: Known) -> Part:
    share = _rated_share(known.score)
    rated = "nobody has rated yet" if not known.ratings else f"rated by {known.ratings}"
    detail = f"{rated}; that counts as {known.score} of {HIGHEST}"
    return Part("performance", points_of(PERFORMANCE, share), PERFORMANCE, detail)


def _reliability_part(track: Track) -> Part:
    won, lost = _reliable(track)
    ended = track.completed + track.failed
    detail = f"completed {track.completed} of the last {ended} contracts" if ended else "none has ended yet"
    return Part("reliability", points_of(RELIABILITY, Decimal(won) / (won + lost)), RELIABILITY, detail)


def _price_part(asked: int | None) -> Part:
    if asked is None:
        return Part("price", PRICE, PRICE, "no contract yet to tell what the worker asks")
    share = Decimal(DEAR_BASIS_POINTS - asked) / (DEAR_BASIS_POINTS - BASIS_POINTS_WHOLE)
    detail = f"usually agrees at {Decimal(asked) / 100:.0f} % of what tasks offer"
    return Part("price", points_of(PRICE, share), PRICE, detail)


def _availability_part(track: Track, at: int) -> Part:
    days = max(0, at - track.seen_at) // DAY_SECONDS
    recent = _falling(days, ACTIVE_DAYS, GONE_DAYS)
    free = _falling(track.under_way, FREE_CONTRACTS, FULL_CONTRACTS)
    last = "active today" if not days else f"last active {days} days ago"
    busy = f"{track.under_way} contracts under way" if track.under_way else "no contract under way"
    return Part("availability", points_of(AVAILABILITY, recent * free), AVAILABILITY, f"{last}; {busy}")


def _benefit_part(seed: str, known: Known, performance: Part, reliability: Part) -> Part:
    hoped = (
        (performance, draw(f"{seed}|rated", *_rated(known))),
        (reliability, draw(f"{seed}|kept", *_reliable(known.track))),
    )
    points = sum(max(0, points_of(part.most, Decimal(str(drawn))) - part.points) for part, drawn in hoped)
    room = sum(part.most - part.points for part, _ in hoped)
    detail = "may well be better than what is known yet" if points else "counts as what is known"
    return Part("exploration", points, room, detail)


def _rated(known: Known) -> tuple[int, int]:
    """The ratings as so many that went well and badly."""
    weight = PRIOR_WEIGHT + min(known.ratings, RATINGS_MAX)
    won = min(weight - 1, max(1, points_of(weight, _rated_share(known.score))))
    return won, weight - won


def _rated_share(score: Decimal) -> Decimal:
    return max(Decimal(0), (score - POOR) / (HIGHEST - POOR))


def _reliable(track: Track) -> tuple[int, int]:
    return PRIOR_COMPLETED + track.completed, PRIOR_FAILED + track.failed


def _falling(value: int, whole: int, nothing: int) -> Decimal:
    """1 up to `whole`, 0 from `nothing` on, and evenly between."""
    return min(Decimal(1), max(Decimal(0), Decimal(nothing - value) / (nothing - whole)))
