"""What a call to an outside provider came to: done, refused for good, or not known.

An unknown outcome is not a failure: the provider may have done what it was asked. Only a definite no
undoes anything.
"""

from typing import Generic, TypeVar

from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.records import dataclass

Value_co = TypeVar("Value_co", covariant=True)
Known = TypeVar("Known")


@dataclass(frozen=True)
class Done(Generic[Value_co]):
    """The provider did it and said what came of it."""

    value: Value_co


@dataclass(frozen=True)
class Refused:
    """The provider did nothing, and says why. `parameter` names what it did not like, where it says so."""

    code: str
    message: str
    parameter: str = ""


@dataclass(frozen=True)
class Unknown:
    """No answer, or one that does not tell: a time-out, a 5xx, the same key still in use. A `replayed` one
    was given before to the same key: nothing was done this time, and the key gives nothing else any more."""

    code: str
    message: str
    replayed: bool = False

    @property
    def is_in_progress(self) -> bool:
        """Whether the first call with this key still runs. (Stripe: /error-codes)"""
        return self.code == "idempotency_key_in_use"


Outcome = Done[Value_co] | Refused | Unknown


class UnexpectedRefusal(RuntimeError):
    """The provider refuses what it has no reason to refuse: a defect of ours, or of its records."""


def known(outcome: Outcome[Known]) -> Known:
    """What was read. Raises ProviderUnavailable when there was no answer, UnexpectedRefusal."""
    if isinstance(outcome, Done):
        return outcome.value
    if isinstance(outcome, Refused):
        raise UnexpectedRefusal(f"{outcome.code}: {outcome.message}")
    raise ProviderUnavailable(f"{outcome.code}: {outcome.message}")
