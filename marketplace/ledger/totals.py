"""What the accounts add up to: debits and credits by currency and account.

Adding journals is associative and commutative, so sums of parts merge into the sum of the whole, in any
order: that is what lets sealed sums stand for the journals that they were made from. Sums also know the span
of business time that their journals lie in: what ended by an instant counts whole in a balance of it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from marketplace.shared.journal import Journal
from marketplace.shared.records import dataclass

INSTANT_MAX = 253_402_300_799
"""The last second of the year 9999."""
_SPAN = "at"
"""Beside the currencies, which are upper case."""


@dataclass(frozen=True)
class Sides:
    """Minor units on each side of an account."""

    debits: int = 0
    credits: int = 0

    @property
    def balance(self) -> int:
        """Debits less credits."""
        return self.debits - self.credits

    def plus(self, other: "Sides") -> "Sides":
        """Both together."""
        return Sides(self.debits + other.debits, self.credits + other.credits)


class Totals:
    """Sums of whole journals, so that in each currency all balances add up to zero."""

    def __init__(self) -> None:
        self._accounts: dict[str, dict[str, list[int]]] = defaultdict(dict)
        """By currency and account: debits and credits, minor units."""
        self.first, self.last = INSTANT_MAX, 0
        """Business time of the earliest and the latest journal, epoch seconds."""

    @classmethod
    def of(cls, journals: Iterable[Journal]) -> "Totals":
        """The sums of these journals."""
        totals = cls()
        for journal in journals:
            totals.add(journal)
        return totals

    def add(self, journal: Journal) -> None:
        """Counts one journal in."""
        self._spans(journal.at, journal.at)
        for posting in journal.postings:
            self._count(journal.currency, posting.account, posting.debit, posting.credit)

    def merge(self, other: "Totals") -> None:
        """Counts in what `other` has counted."""
        self._spans(other.first, other.last)
        for currency, account, sides in other:
            self.count(currency, account, sides)

    def __iter__(self) -> Iterator[tuple[str, str, Sides]]:
        """(currency, account, sides), sorted."""
        for currency in self.currencies:
            for account in sorted(self._accounts[currency]):
                yield currency, account, Sides(*self._accounts[currency][account])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it grows

    @property
    def currencies(self) -> list[str]:
        """Those that anything was posted in, sorted."""
        return sorted(currency for currency, accounts in self._accounts.items() if accounts)

    def accounts(self, currency: str) -> dict[str, Sides]:
        """Account to sides, sorted by account."""
        return {account: Sides(*sums) for account, sums in sorted(self._accounts.get(currency, {}).items())}

    def of_account(self, account: str) -> dict[str, Sides]:
        """Currency to sides of one account."""
        held = ((currency, self._accounts[currency].get(account)) for currency in self.currencies)
        return {currency: Sides(*sums) for currency, sums in held if sums is not None}

    def sides(self, currency: str, account: str) -> Sides:
        """Those of one account in one currency; nothing on either where nothing was posted."""
        return Sides(*self._accounts.get(currency, {}).get(account, ()))

    def sums(self, currency: str) -> Sides:
        """All debits and all credits of a currency: equal, or a journal was broken."""
        sums = self._accounts.get(currency, {}).values()
        return Sides(sum(debits for debits, _ in sums), sum(given for _, given in sums))

    def dump(self) -> str:
        """Compact JSON: `{"at": [first, last], currency: {account: [debits, credits]}}`."""
        plain: dict[str, dict[str, list[int]]] = defaultdict(dict)
        for currency, account, sides in self:
            plain[currency][account] = [sides.debits, sides.credits]
        return json.dumps({_SPAN: [self.first, self.last], **plain}, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Totals":
        """What `dump` gave; sums that do not tell their span may lie anywhere."""
        totals, plain = cls(), json.loads(text)
        totals._spans(*plain.pop(_SPAN, (0, INSTANT_MAX)))
        for currency, accounts in plain.items():
            for account, sides in accounts.items():
                totals.count(currency, account, Sides(*sides))
        return totals

    def _spans(self, first: int, last: int) -> None:
        self.first, self.last = min(self.first, first), max(self.last, last)

    def count(self, currency: str, account: str, sides: Sides) -> None:
        """Counts sides of an account in."""
        self._count(currency, account, sides.debits, sides.credits)

    def _count(self, currency: str, account: str, debits: int, credits: int) -> None:  # noqa: A002
        sums = self._accounts[currency].setdefault(account, [0, 0])
        sums[0] += debits
        sums[1] += credits
