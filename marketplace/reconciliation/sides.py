"""Both sides as lines: our postings to the account at Stripe, and Stripe's balance transactions."""

from collections.abc import Iterator
from typing import Protocol

from marketplace.reconciliation.matching import SLACK_SECONDS, Line, Part, Side
from marketplace.shared.accounts import STRIPE, STRIPE_FEES, SUSPENSE
from marketplace.shared.journal import Journal
from marketplace.shared.records import dataclass

INSTANT_MAX = 253_402_300_799
"""The last second of the year 9999."""


class BalanceTransaction(Protocol):
    """A movement of our balance at Stripe. (Stripe: /api/balance_transactions/object)"""

    @property
    def id(self) -> str:
        """Stripe's."""
        ...

    @property
    def amount(self) -> int:
        """Minor units, positive into our balance, gross of the fee."""
        ...

    @property
    def fee(self) -> int:
        """Minor units that Stripe kept."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217."""
        ...

    @property
    def source(self) -> str | None:
        """The charge, transfer or payout behind it."""
        ...

    @property
    def is_fee(self) -> bool:
        """Whether it is nothing but a fee."""
        ...

    @property
    def created(self) -> int:
        """Epoch seconds."""
        ...


@dataclass(frozen=True)
class Window:
    """[start, end), epoch seconds of business time."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Whether `at` lies in it."""
        return self.start <= at < self.end

    @property
    def read_from(self) -> int:
        """Where reading begins, epoch seconds."""
        return max(0, self.start - SLACK_SECONDS)

    @property
    def read_to(self) -> int:
        """Where reading ends, epoch seconds."""
        return min(self.end + SLACK_SECONDS, INSTANT_MAX)

    def reads(self, at: int) -> bool:
        """Whether `at` is read."""
        return self.read_from <= at < self.read_to


def stripe_lines(transaction: BalanceTransaction, window: Window) -> Iterator[Line]:
    """The movement, and the fee if there is one."""
    keys = tuple(key for key in (transaction.id, transaction.source) if key)
    whole = Part.FEE if transaction.is_fee else Part.MOVEMENT
    parts = ((whole, transaction.amount), (Part.FEE, -transaction.fee))
    for part, amount in parts:
        if amount:
            yield Line(
                side=Side.STRIPE,
                id=f"{transaction.id}#{part}",
                at=transaction.created,
                currency=transaction.currency.upper(),
                amount=amount,
                part=part,
                keys=keys,
                inside=window.holds(transaction.created),
            )


def ledger_line(
    journal_id: str,
    number: int,
    *,
    at: int,
    currency: str,
    amount: int,
    against: tuple[str, ...],
    references: tuple[str, ...],
    window: Window,
) -> Line:
    """One posting to our account at Stripe; it is a fee when nothing but fees stands against it, and whatever
    Stripe says where nothing but suspense does."""
    known = Part.FEE if against == (STRIPE_FEES,) else Part.MOVEMENT
    return Line(
        side=Side.LEDGER,
        id=f"{journal_id}#{number:02d}",
        at=at,
        currency=currency,
        amount=amount,
        part=None if against == (SUSPENSE,) else known,
        keys=references,
        inside=window.holds(at),
    )


def lines_of(journal: Journal, window: Window) -> Iterator[Line]:
    """What a journal did to our account at Stripe."""
    against = tuple(dict.fromkeys(p.account for p in journal.postings if p.account != STRIPE))
    for number, posting in enumerate(journal.postings):
        if posting.account == STRIPE:
            yield ledger_line(
                journal.id,
                number,
                at=journal.at,
                currency=journal.currency,
                amount=posting.debit - posting.credit,
                against=against,
                references=journal.references,
                window=window,
            )
