"""How well a task fits a worker, in points that explain themselves.

    skills     5,000   the share of the asked skills that the worker has, by level
    languages  2,000   the share of the asked languages that the worker speaks
    pay        2,000   half where it pays what is usual; all at four times that, nothing at a quarter
    freshness  1,000   all when it was posted, nothing after two weeks

What is not asked for tells nothing: no skill counts half, no language all. A score is a whole number, the
same whoever adds it up.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import log2

from marketplace.matching.search import Facts
from marketplace.matching.words import label, speaks
from marketplace.shared.records import dataclass

SKILLS, LANGUAGES, PAY, FRESHNESS = 5_000, 2_000, 2_000, 1_000
LEVEL_MAX = 5
FRESH_SECONDS = 14 * 86_400
PAY_DOUBLINGS = 2
"""How often pay doubles from what is usual to what counts full."""


@dataclass(frozen=True)
class Profile:
    """What a worker brings: skill names, folded, to levels 1 to 5; language tags as they were given."""

    skills: Mapping[str, int]
    languages: Collection[str]


@dataclass(frozen=True)
class Part:
    """One reason: `points` of at most `most`, and why in words."""

    code: str
    points: int
    most: int
    detail: str


@dataclass(frozen=True)
class Words:
    """How reasons are put: to the worker, or to the client about a worker."""

    asker: str
    has: str
    names: str
    speaks: str


TO_THE_WORKER = Words("", "you bring", "you name", "you speak")


@dataclass(frozen=True)
class Fit:
    """A score of 0 to 10,000 and what it is made of."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return sum(part.points for part in self.parts)


def profile_of(skills: Mapping[str, int], languages: Collection[str]) -> Profile:
    """A worker's profile with names as they are compared."""
    return Profile({label(name): level for name, level in skills.items()}, languages)


def fit(profile: Profile, facts: Facts, *, usual: Decimal | None, age_seconds: int) -> Fit:
    """How well a task of these facts fits; `usual` is what tasks of its model and currency pay, None where
    nobody knows."""
    return Fit(
        (
            skill_part(profile, facts.skills, SKILLS, TO_THE_WORKER),
            language_part(profile, facts.languages, LANGUAGES, TO_THE_WORKER),
            _pay_part(facts.price, usual),
            _freshness_part(age_seconds),
        )
    )


def skill_part(profile: Profile, asked: Sequence[str], most: int, words: Words) -> Part:
    """The skills' points, of at most `most`; `asked` are names as they are compared."""
    if not asked:
        return Part("skills", most // 2, most, f"{words.asker}asks for no particular skill")
    levels = {name: profile.skills[name] for name in asked if profile.skills.get(name)}
    share = Decimal(sum(levels.values())) / (LEVEL_MAX * len(asked))
    brought = ", ".join(f"{name} at level {level}" for name, level in levels.items())
    detail = f"{words.has} {brought}" if levels else f"{words.names} none of the asked skills"
    if levels and len(levels) < len(asked):
        detail += f"; {len(asked) - len(levels)} of {len(asked)} are missing"
    return Part("skills", points_of(most, share), most, detail)


def language_part(profile: Profile, asked: Sequence[str], most: int, words: Words) -> Part:
    """The languages' points, of at most `most`; `asked` are tags as they are compared."""
    if not asked:
        return Part("languages", most, most, f"{words.asker}asks for no particular language")
    whole = [tag for tag in asked if not any(other.startswith(f"{tag}-") for other in asked)]
    spoken = [tag for tag in whole if speaks(profile.languages, tag)]
    detail = f"{words.speaks} {', '.join(spoken) if spoken else 'none of the asked languages'}"
    return Part("languages", points_of(most, Decimal(len(spoken)) / len(whole)), most, detail)


def usual_price(prices: Sequence[Decimal]) -> Decimal:
    """The lower median of what tasks pay."""
    return sorted(prices)[(len(prices) - 1) // 2]


def _pay_part(price: Decimal, usual: Decimal | None) -> Part:
    if usual is None:
        return Part("pay", PAY // 2, PAY, "there is nothing to compare its pay with")
    times = price / usual
    share = Decimal(str(round(0.5 + log2(times) / (2 * PAY_DOUBLINGS), 4)))
    shown = times.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return Part("pay", points_of(PAY, share), PAY, f"pays {shown} times what is usual among these")


def _freshness_part(age_seconds: int) -> Part:
    days = max(0, age_seconds) // 86_400
    detail = f"posted {days} days ago" if days else "posted today"
    share = 1 - Decimal(max(0, age_seconds)) / FRESH_SECONDS
    return Part("freshness", points_of(FRESHNESS, share), FRESHNESS, detail)


def points_of(most: int, share: Decimal) -> int:
    """So much of `most`, at least nothing and at most all, half up."""
    return int((most * min(Decimal(1), max(Decimal(0), share))).quantize(Decimal(1), rounding=ROUND_HALF_UP))
