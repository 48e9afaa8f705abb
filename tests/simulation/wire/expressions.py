"""DynamoDB's expressions, as far as our storage writes them: conditions, keys, ADD and SET, projections.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import cache
from typing import Any

Value = Mapping[str, Any]
"""`{type: content}`, as on the wire."""
Item = Mapping[str, Value]
Test = Callable[[Item, Mapping[str, Value]], bool]

DIGITS_MAX = 38
EXPONENT_MAX = 125
_EXACT = Context(prec=DIGITS_MAX, traps=[InvalidOperation])
_TOKENS = re.compile(r"\s*(<>|<=|>=|[()=<>,]|[#:]?[A-Za-z0-9_]+)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class UnknownExpression(Exception):
    """Nothing of ours has written such a thing before: teach the model first."""


class Invalid(Exception):
    """DynamoDB would answer with a ValidationException."""


def number(text: str) -> Decimal:
    """Raises Invalid for what has more than 38 digits, or is too large."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise Invalid("The parameter cannot be converted to a numeric value") from None
    digits = exact.normalize(Context(prec=1_000)).as_tuple().digits
    if len(digits) > DIGITS_MAX:
        raise Invalid("Attempting to store more than 38 significant digits in a Number")
    if exact and exact.adjusted() > EXPONENT_MAX:
        raise Invalid(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    return exact


def plain(exact: Decimal) -> str:
    """As DynamoDB gives a number back."""
    if exact == exact.to_integral_value():
        return str(int(exact))
    return f"{exact.normalize(_EXACT):f}"


@dataclass
class _Reader:
    """Reads tokens from the left."""

    tokens: list[str]
    names: Mapping[str, str]

    def next(self) -> str:
        return self.tokens.pop(0) if self.tokens else ""

    def take(self, *wanted: str) -> str:
        token = self.next()
        if token not in wanted:
            raise UnknownExpression(f"{token!r} where {wanted} was expected")
        return token

    def at(self, *wanted: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in wanted

    def name(self) -> str:
        token = self.next()
        if token.startswith("#"):
            return self.names[token]
        if not token or token[0] in ":(),=<>":
            raise UnknownExpression(f"{token!r} is no name")
        return token

    def end(self) -> None:
        if self.tokens:
            raise UnknownExpression(f"{self.tokens[0]!r} after the end")


def tokens(text: str) -> list[str]:
    """Raises UnknownExpression."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            raise UnknownExpression(text)
        found.append(match[1])
        at = match.end()
    return found


def condition(text: str, names: Mapping[str, str]) -> Test:
    """Whether an item (empty where there is none) meets a condition."""
    return _condition(text, tuple(sorted(names.items())))


@cache
def _condition(text: str, names: tuple[tuple[str, str], ...]) -> Test:
    reader = _Reader(tokens(text), dict(names))
    test = _any_of(reader)
    reader.end()
    return test


def partition_of(text: str, names: Mapping[str, str], values: Mapping[str, Value], key: str) -> str:
    """The partition that a query is about: the hash key is one text. Raises Invalid."""
    placeholder = _equal_to(text, tuple(sorted(names.items())), key)
    if placeholder is None or values[placeholder].keys() != {"S"}:
        raise Invalid("Query condition missed key schema element")
    return str(values[placeholder]["S"])


@cache
def _equal_to(text: str, names: tuple[tuple[str, str], ...], key: str) -> str | None:
    read, known = tokens(text), dict(names)
    for name, sign, placeholder in zip(read, read[1:], read[2:], strict=False):
        if known.get(name, name) == key and sign == "=":
            return placeholder
    return None


def check_bounds(text: str, values: Mapping[str, Value]) -> None:
    """Raises Invalid for a BETWEEN that is the wrong way round, whether or not anything is compared."""
    read = tokens(text)
    for at in (at for at, token in enumerate(read) if token == "BETWEEN"):
        if ordered(values[read[at + 1]]) > ordered(values[read[at + 3]]):
            raise Invalid(
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            )


def _any_of(reader: _Reader) -> Test:
    tests = [_all_of(reader)]
    while reader.at("OR"):
        reader.take("OR")
        tests.append(_all_of(reader))
    return tests[0] if len(tests) == 1 else lambda item, values: any(test(item, values) for test in tests)


def _all_of(reader: _Reader) -> Test:
    tests = [_one(reader)]
    while reader.at("AND"):
        reader.take("AND")
        tests.append(_one(reader))
    return tests[0] if len(tests) == 1 else lambda item, values: all(test(item, values) for test in tests)


def _one(reader: _Reader) -> Test:
    if reader.at("("):
        reader.take("(")
        inner = _any_of(reader)
        reader.take(")")
        return inner
    if reader.at("attribute_exists", "attribute_not_exists"):
        wanted = reader.next() == "attribute_exists"
        reader.take("(")
        name = reader.name()
        reader.take(")")
        return lambda item, _: (name in item) == wanted
    name = reader.name()
    if reader.at("BETWEEN"):
        reader.take("BETWEEN")
        low = reader.next()
        reader.take("AND")
        high = reader.next()
        return lambda item, values: _between(item.get(name), values[low], values[high])
    compare, placeholder = _COMPARISONS[reader.take(*_COMPARISONS)], reader.next()
    return lambda item, values: _compared(compare, item.get(name), values[placeholder])


def _between(left: Value | None, low: Value, high: Value) -> bool:
    return _compared(_COMPARISONS[">="], left, low) and _compared(_COMPARISONS["<="], left, high)


def _compared(compare: Callable[[Any, Any], bool], left: Value | None, right: Value) -> bool:
    if left is None:
        return compare is _COMPARISONS["<>"]
    if left.keys() != right.keys():
        return compare is _COMPARISONS["<>"]
    return compare(ordered(left), ordered(right))


def ordered(value: Value) -> Any:
    """A value by which DynamoDB sorts."""
    ((kind, content),) = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "S":
        return content.encode()
    raise UnknownExpression(f"a comparison of {kind}")


def updated(text: str, names: Mapping[str, str], item: Item, values: Mapping[str, Value]) -> dict[str, Value]:
    """The item after an update expression. Raises Invalid, UnknownExpression."""
    changed = dict(item)
    for action, name, placeholder in _actions(text, tuple(sorted(names.items()))):
        value = values[placeholder]
        if action == "ADD":
            before = item.get(name, {"N": "0"})
            if before.keys() != {"N"} or value.keys() != {"N"}:
                raise Invalid("An operand in the update expression has an incorrect data type")
            value = {"N": plain(_added(before["N"], value["N"]))}
        changed[name] = value
    return changed


def _added(left: str, right: str) -> Decimal:
    exact = _EXACT.add(Decimal(left), number(right))
    return number(str(exact))


@cache
def _actions(text: str, names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    reader, found = _Reader(tokens(text), dict(names)), []
    while reader.tokens:
        action = reader.take("ADD", "SET")
        while True:
            name = reader.name()
            if action == "SET":
                reader.take("=")
            found.append((action, name, reader.next()))
            if not reader.at(","):
                break
            reader.take(",")
    if len({name for _, name, _ in found}) < len(found):
        raise Invalid("Two document paths overlap with each other")
    return tuple(found)


@cache
def _projected(text: str, names: tuple[tuple[str, str], ...]) -> frozenset[str]:
    reader, found = _Reader(tokens(text), dict(names)), []
    while True:
        found.append(reader.name())
        if not reader.at(","):
            reader.end()
            return frozenset(found)
        reader.take(",")


def projection(text: str, names: Mapping[str, str]) -> frozenset[str]:
    """The names that are asked for."""
    return _projected(text, tuple(sorted(names.items())))
