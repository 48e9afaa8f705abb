"""The kinds of parameters an endpoint can declare, and how each is read or refused.

An endpoint declares everything it takes as one `Hash`; whatever is not declared is refused as unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.stripe import currencies
from sandbox.stripe.errors import (
    StripeError,
    empty_parameter,
    invalid,
    invalid_integer,
    missing_parameter,
    unknown_parameters,
)
from sandbox.stripe.forms import Items, Raw, shown

METADATA_KEYS_MAX = 50
METADATA_KEY_LENGTH_MAX = 40
METADATA_VALUE_LENGTH_MAX = 500
LIST_LENGTH_MAX = 100
INTEGER_DIGITS_MAX = 18


class Kind(Protocol):
    """Reads one raw parameter; raises StripeError (400) naming the parameter when it does not fit."""

    def read(self, raw: Raw, name: str) -> object:
        """The value, typed."""


def _text(raw: Raw, name: str, wanted: str) -> str:
    if isinstance(raw, dict):
        raise invalid(f"Invalid {wanted}: {shown(raw)}", name)
    if raw == "":
        raise empty_parameter(name)
    return raw


@dataclass(frozen=True)
class Text:
    """A text; Stripe's own limit is 5,000 characters unless it says another."""

    length_max: int = 5000

    def read(self, raw: Raw, name: str) -> str:
        """Refuses an empty text and one that is too long."""
        text = _text(raw, name, "string")
        if len(text) > self.length_max:
            raise StripeError(
                400,
                f"Invalid string: {text[:20]}...; must be at most {self.length_max} characters",
                code="parameter_invalid_string",
                param=name,
            )
        return text


@dataclass(frozen=True)
class Integer:
    """A whole number between bounds, both included."""

    at_least: int | None = None
    at_most: int | None = None

    def read(self, raw: Raw, name: str) -> int:
        """Refuses decimals, signs other than minus, blanks."""
        text = _text(raw, name, "integer")
        if re.fullmatch(rf"-?[0-9]{{1,{INTEGER_DIGITS_MAX}}}", text) is None:
            raise invalid_integer(f"Invalid integer: {text}", name)
        number = int(text)
        if self.at_least is not None and number < self.at_least:
            raise invalid_integer(f"This value must be greater than or equal to {self.at_least}.", name)
        if self.at_most is not None and number > self.at_most:
            message = f"This value must be less than or equal to {self.at_most} (it currently is '{number}')."
            raise invalid_integer(message, name)
        return number


@dataclass(frozen=True)
class Boolean:
    """`true` or `false`."""

    def read(self, raw: Raw, name: str) -> bool:
        """Refuses every other spelling."""
        text = _text(raw, name, "boolean")
        if text not in ("true", "false"):
            raise invalid(f"Invalid boolean: {text}", name)
        return text == "true"


class OneOf:
    """One text of a fixed few."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def read(self, raw: Raw, name: str) -> str:
        """Refuses what is not among the choices, listing them."""
        text = _text(raw, name, "string")
        if text not in self.choices:
            *most, last = self.choices
            listed = f"{', '.join(most)}, or {last}" if most else last
            raise invalid(f"Invalid {name}: must be one of {listed}", name)
        return text


@dataclass(frozen=True)
class Email:
    """An address that has a local part and a domain."""

    def read(self, raw: Raw, name: str) -> str:
        """Refuses what cannot be an address."""
        text = Text(512).read(raw, name)
        if re.fullmatch(r"[^@\s]+@[^@\s]+", text) is None:
            raise StripeError(400, f"Invalid email address: {text}", code="email_invalid", param=name)
        return text


@dataclass(frozen=True)
class Url:
    """An absolute http or https address."""

    def read(self, raw: Raw, name: str) -> str:
        """Refuses anything without scheme and host."""
        text = Text().read(raw, name)
        if re.fullmatch(r"https?://[^\s/]+\S*", text) is None:
            raise StripeError(400, "Not a valid URL", code="url_invalid", param=name)
        return text


@dataclass(frozen=True)
class Currency:
    """A currency that Stripe takes, in any case; read as lower case."""

    def read(self, raw: Raw, name: str) -> str:
        """Refuses an unknown currency, listing the known ones."""
        text = _text(raw, name, "currency").lower()
        if text not in currencies.SUPPORTED:
            known = ", ".join(sorted(currencies.SUPPORTED))
            raise invalid(
                f"Invalid currency: {text}. Stripe currently supports these currencies: {known}", name
            )
        return text


@dataclass(frozen=True)
class Country:
    """A two-letter country code, upper case."""

    def read(self, raw: Raw, name: str) -> str:
        """Refuses what is not two upper-case letters."""
        text = _text(raw, name, "country")
        if re.fullmatch(r"[A-Z]{2}", text) is None:
            raise invalid(
                f"Country '{text}' is unknown. Try using a 2-character alphanumeric country code instead, "
                "such as 'US', 'EG', or 'GB'.",
                name,
            )
        return text


@dataclass(frozen=True)
class Metadata:
    """Up to 50 texts of the caller's own. An empty text unsets a key; where `unsets`, all of them."""

    unsets: bool = True

    def read(self, raw: Raw, name: str) -> dict[str, str]:
        """Refuses lists, nested hashes, too many keys, and texts that are too long."""
        if raw == "" and self.unsets:
            return {}
        if isinstance(raw, str | Items):
            raise invalid("Invalid hash", name)
        kept = {key: _metadata_value(key, value, name) for key, value in raw.items() if value != ""}
        if len(kept) > METADATA_KEYS_MAX:
            raise invalid(f"Metadata can have at most {METADATA_KEYS_MAX} keys.", name)
        return kept


@dataclass(frozen=True)
class MetadataUpdate(Metadata):
    """As `Metadata`, of an object that has some already: read as what `with_metadata` puts on top of them."""

    def read(self, raw: Raw, name: str) -> dict[str, str]:
        """Keeps the empty texts, which unset; a bare empty text unsets everything, and reads as {}."""
        kept = super().read(raw, name)
        unset = {key: "" for key, value in raw.items() if value == ""} if isinstance(raw, dict) else {}
        return kept | unset


def with_metadata(former: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """What `MetadataUpdate` leaves of an object's former metadata. Source: /api/metadata"""
    merged = {**former, **given} if given else {}
    return {key: value for key, value in merged.items() if value != ""}


def _metadata_value(key: str, value: Raw, name: str) -> str:
    if not isinstance(value, str):
        raise invalid("Metadata values must be strings, not hashes.", f"{name}[{key}]")
    if len(key) > METADATA_KEY_LENGTH_MAX:
        raise invalid(f"Metadata keys can have at most {METADATA_KEY_LENGTH_MAX} characters.", name)
    if len(value) > METADATA_VALUE_LENGTH_MAX:
        message = f"Metadata values can have at most {METADATA_VALUE_LENGTH_MAX} characters."
        raise invalid(message, f"{name}[{key}]")
    return value


@dataclass(frozen=True)
class ListOf:
    """A list of one kind, sent as `name[]=` or `name[0]=`."""

    kind: Kind

    def read(self, raw: Raw, name: str) -> list[object]:
        """Refuses a bare text, names that are not indexes, and too long a list."""
        if isinstance(raw, str) or not all(map(_is_index, raw)):
            raise invalid("Invalid array", name)
        if len(raw) > LIST_LENGTH_MAX:
            raise invalid(f"Array can have at most {LIST_LENGTH_MAX} items.", name)
        ordered = sorted(raw.items(), key=lambda item: int(item[0]))
        return [self.kind.read(value, f"{name}[{index}]") for index, value in ordered]


def _is_index(text: str) -> bool:
    return text.isdecimal() and len(text) <= INTEGER_DIGITS_MAX


@dataclass(frozen=True)
class Range:
    """An instant, or bounds on one: `created=5` or `created[gte]=1&created[lt]=9`.

    Reads as a dict of bounds; the bare instant is {"gte": 5, "lte": 5}.
    """

    def read(self, raw: Raw, name: str) -> dict[str, int]:
        """Refuses any bound but gt, gte, lt, lte."""
        if isinstance(raw, str):
            instant = Integer().read(raw, name)
            return {"gte": instant, "lte": instant}
        unknown = [f"{name}[{bound}]" for bound in raw if bound not in ("gt", "gte", "lt", "lte")]
        if unknown:
            raise unknown_parameters(unknown)
        return {bound: Integer().read(value, f"{name}[{bound}]") for bound, value in raw.items()}


@dataclass(frozen=True)
class Hash:
    """Named parameters, each of its kind; the whole of what an endpoint takes is one."""

    optional: Mapping[str, Kind] = field(default_factory=dict)
    required: Mapping[str, Kind] = field(default_factory=dict)

    def read(self, raw: Raw, name: str = "") -> dict[str, Any]:
        """Refuses unknown names first, then missing ones, then values that do not fit."""
        if isinstance(raw, str):
            raise invalid("Invalid hash", name)
        full = {key: f"{name}[{key}]" if name else key for key in (*raw, *self.required)}
        unknown = [full[key] for key in raw if key not in self.optional and key not in self.required]
        if unknown:
            raise unknown_parameters(unknown)
        for key in self.required:
            if key not in raw:
                raise missing_parameter(full[key])
        kinds = {**self.optional, **self.required}
        return {key: kinds[key].read(value, full[key]) for key, value in raw.items()}


EXPAND = ListOf(Text())


NOTHING = Hash()
"""What an endpoint takes that has not even something to expand."""


def body(*, required: Mapping[str, Kind] | None = None, **optional: Kind) -> Hash:
    """What a creating or acting endpoint takes; `expand` is always allowed."""
    return Hash(optional={"expand": EXPAND, **optional}, required=required or {})


def listing(**filters: Kind) -> Hash:
    """What a list takes: its filters, and the cursor."""
    return Hash(
        optional={
            "expand": EXPAND,
            "limit": Integer(at_least=1, at_most=100),
            "starting_after": Text(),
            "ending_before": Text(),
            **filters,
        }
    )
