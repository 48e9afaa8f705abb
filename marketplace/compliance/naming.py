"""What a name stands for, where a task asks for an agreement or a qualification by name.

A client's own comes before the platform's. What begins like an id is one, and no name.
"""

from typing import Protocol, TypeVar

from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

AGREEMENT = "agr"
QUALIFICATION = "qua"
_PLATFORM = "platform"

Kind = TypeVar("Kind")


class Find(Protocol):
    """Reads an aggregate, or None: a transaction's `find`, or a store's read."""

    def __call__(self, kind: type[Kind], identifier: str, /) -> Kind | None:
        """The aggregate."""
        ...


@dataclass(frozen=True)
class Named:
    """One for each owner, prefix of what is named, and name."""

    id: str
    subject_id: str


def is_name(entry: str, prefix: str) -> bool:
    """Whether a task's entry names something, or is its id."""
    return not entry.startswith(f"{prefix}_")


def give_name(name: str, subject_id: str, owner: str | None, tx: Transaction) -> None:
    """From now on the name stands for that; without an owner, for all clients that have none of that name."""
    named = Named(_named_id(_prefix(subject_id), owner, name), subject_id)
    if tx.find(Named, named.id) != named:
        tx.save(named)


def owned_by_name(name: str, prefix: str, owner: str | None, find: Find) -> str | None:
    """The id of what this owner calls so; None for nothing."""
    found = find(Named, _named_id(prefix, owner, name))
    return found.subject_id if found else None


def subjects_of(entry: str, prefix: str, client_id: str, find: Find) -> tuple[str, ...]:
    """The ids that a client's task means by an entry, the client's own before the platform's."""
    if not is_name(entry, prefix):
        return (entry,)
    found = (owned_by_name(entry, prefix, owner, find) for owner in (client_id, None))
    return tuple(subject for subject in found if subject is not None)


def _prefix(subject_id: str) -> str:
    return subject_id.partition("_")[0]


def _named_id(prefix: str, owner: str | None, name: str) -> str:
    return derived_id("nam", prefix, owner or _PLATFORM, name)
