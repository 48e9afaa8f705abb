"""What the controls take: JSON members, each read or refused, and all that is wrong said at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT_LENGTH_MAX = 200

_REQUIREMENT = re.compile(
    r"business_type|external_account|documents\.[a-z_]+\.files"
    r"|(business_profile|company|directors|executives|individual|legal_guardian|owners|person_\w+|relationship"
    r"|representative|settings|tos_acceptance)(\.[a-z][a-z0-9_]*){1,4}"
)

Reader = Callable[[Any], Any]
"""Gives a member's value; raises ValueError for one that does not fit."""


class InvalidControl(ValueError):
    """Values that do not fit. `faults` pair a member's name (empty: the whole) with what is wrong."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" if name else fault for name, fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Members:
    """A body's members; whatever is not named here is refused."""

    required: Mapping[str, Reader] = field(default_factory=dict)
    optional: Mapping[str, Reader] = field(default_factory=dict)

    def read(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The values, by name; a null is as good as nothing. Raises InvalidControl."""
        readers = {**self.required, **self.optional}
        faults = [(name, "is unknown") for name in body if name not in readers]
        faults += [(name, "is required") for name in self.required if body.get(name) is None]
        values: dict[str, Any] = {}
        for name, reader in readers.items():
            if body.get(name) is not None:
                try:
                    values[name] = reader(body[name])
                except ValueError as refused:
                    faults.append((name, str(refused)))
        if faults:
            raise InvalidControl(faults)
        return values


def text(value: Any) -> str:
    """A line of 1 to 200 characters."""
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > TEXT_LENGTH_MAX
        or not value.isprintable()
    ):
        message = f"must be a line of 1 to {TEXT_LENGTH_MAX} characters"
        raise ValueError(message)
    return value.strip()


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        message = "must be true or false"
        raise ValueError(message)
    return value


def whole(value: Any) -> int:
    """An integer."""
    if not isinstance(value, int) or isinstance(value, bool):
        message = "must be a whole number"
        raise ValueError(message)
    return value


def number(value: Any) -> float:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        message = "must be a number"
        raise ValueError(message)
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of lines."""
    if not isinstance(value, list):
        message = "must be a list"
        raise ValueError(message)
    return tuple(text(item) for item in value)


def one_of(*choices: str) -> Reader:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in choices:
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message)
        return str(value)

    return read


def requirement(value: Any) -> str:
    """What Stripe can require of an account. Source: https://docs.stripe.com/connect/required-verification-information"""
    name = text(value)
    if _REQUIREMENT.fullmatch(name) is None:
        message = "must be a requirement of Stripe's, such as individual.verification.document"
        raise ValueError(message)
    return name


def between(low: int, high: int) -> Reader:
    """An integer within these bounds."""

    def read(value: Any) -> int:
        if not low <= whole(value) <= high:
            message = f"must be from {low} to {high}"
            raise ValueError(message)
        return int(value)

    return read
