"""A worker's profile and identity."""

from collections.abc import Sequence

from marketplace.shared.ids import derived_id
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class Skill:
    """`level` is 1 (beginner) to 5 (expert)."""

    name: str
    level: int


@dataclass(frozen=True)
class Worker:
    """`country` is ISO 3166-1 alpha-2; `languages` are BCP 47 tags; without `salt` nobody can read what
    events tell of the worker."""

    id: str
    name: Private[str]
    country: str
    languages: tuple[str, ...]
    skills: tuple[Skill, ...]
    headline: Private[str]
    created_at: int
    salt: str | None = None


@dataclass(frozen=True)
class Identity:
    """Ties a token's subject to its one profile; its id derives from the subject, so two cannot be made."""

    id: str
    worker_id: str


def identity_id(issuer: str, subject: str) -> str:
    """The id of the identity of `subject` at the identity provider `issuer`."""
    return derived_id("idn", issuer, subject)


def without_repeats(skills: Sequence[Skill]) -> tuple[Skill, ...]:
    """Each skill once, by name without regard to case; the last level given counts."""
    return tuple({skill.name.casefold(): skill for skill in skills}.values())
