"""What a task is found by, and what somebody looks for.

A task stands in a list for each of its *terms*: `all`, its pay model, its skills, its languages, its words. A
row of a list carries the task's *facts*, which do not change while it is open, so that most of what does not
fit is passed over without reading the task.
"""

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal

from marketplace.matching.words import label, language_tags, words
from marketplace.shared.records import dataclass
from marketplace.work.task import Task
from marketplace.work.terms import Pay

ALL = "all"
WORDS_MAX = 40
"""The title's, the category's and the skills' words come first, then the description's."""


@dataclass(frozen=True)
class Facts:
    """`price` is minor units: of a whole seat, of a result, or of a minute."""

    model: str
    currency: str
    price: Decimal
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Filters; each is None or empty where it was not given. `pay_floor` is minor units of `currency`, for
    whatever the task's model pays for; `visibility` is that of a task."""

    skill: str | None = None
    language: str | None = None
    model: str | None = None
    currency: str | None = None
    pay_floor: Decimal | None = None
    words: tuple[str, ...] = field(default=())
    visibility: str | None = None

    def terms(self) -> tuple[str, ...]:
        """The lists that hold all there is to find, presumably the shortest first."""
        told = [f"word:{word}" for word in sorted(self.words, key=len, reverse=True)]
        told += [f"skill:{label(self.skill)}"] if self.skill else []
        told += [f"language:{label(self.language)}"] if self.language else []
        told += [f"model:{self.model}"] if self.model else []
        return tuple(told) or (ALL,)

    @property
    def is_narrow(self) -> bool:
        """Whether anything but words and visibility is asked for."""
        asked = (self.skill, self.language, self.model, self.currency, self.pay_floor)
        return any(each is not None for each in asked)

    def keeps(self, facts: Facts) -> bool:
        """Whether a task with these facts may pass: its words are not among them."""
        return (
            (self.skill is None or label(self.skill) in facts.skills)
            and (self.language is None or label(self.language) in facts.languages)
            and (self.model is None or self.model == facts.model)
            and (self.currency is None or self.currency == facts.currency)
            and (self.pay_floor is None or facts.price >= self.pay_floor)
        )

    def passes(self, task: Task) -> bool:
        """Whether the task is what is looked for."""
        return (
            (self.visibility is None or self.visibility == task.visibility)
            and (not self.is_narrow or self.keeps(facts_of(task)))
            and (not self.words or set(self.words) <= set(words_of(task)))
        )


def price_of(pay: Pay) -> Decimal:
    """Minor units for a whole seat, a result, or a minute."""
    price = pay.budget or pay.unit
    if price is not None:
        return Decimal(price.amount)
    if pay.rate is None:
        raise ValueError("pay without a price")
    return pay.rate.amount_decimal


def facts_of(task: Task) -> Facts:
    """What a row of a list tells."""
    return Facts(
        model=task.pay.model.value,
        currency=task.pay.currency,
        price=price_of(task.pay),
        skills=tuple(dict.fromkeys(map(label, task.skills))),
        languages=tuple(dict.fromkeys(tag for each in task.languages for tag in language_tags(each))),
        countries=task.requirements.countries,
    )


def words_of(task: Task) -> tuple[str, ...]:
    """The words that a task is found by."""
    told = words(" ".join((task.title, task.category, *task.skills, task.description)))
    return tuple(told[:WORDS_MAX])


def terms_of(task: Task) -> Iterator[str]:
    """The lists that the task stands in."""
    facts = facts_of(task)
    yield ALL
    yield f"model:{facts.model}"
    yield from (f"skill:{skill}" for skill in facts.skills)
    yield from (f"language:{language}" for language in facts.languages)
    yield from (f"word:{word}" for word in words_of(task))
