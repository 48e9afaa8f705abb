"""Journals: immutable, balanced sets of postings in one currency. An unbalanced one cannot exist."""

from marketplace.shared.records import dataclass

POSTINGS_MAX = 32
"""An agency's members each twice, once in what they have and once in what they owe, and a dozen others."""


class UnbalancedJournal(ValueError):
    """Debits and credits differ, or a posting is not a positive whole number."""


@dataclass(frozen=True)
class Posting:
    """`amount` minor units debited or credited to `account`; exactly one side is not zero."""

    account: str
    debit: int = 0
    credit: int = 0


@dataclass(frozen=True)
class Journal:
    """What one event did to the ledger. `references` are ids at Stripe that the money went through."""

    id: str
    currency: str
    at: int
    description: str
    postings: tuple[Posting, ...]
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 2 <= len(self.postings) <= POSTINGS_MAX:
            raise UnbalancedJournal(f"{self.id}: {len(self.postings)} postings")
        if any(not _one_sided(posting) for posting in self.postings):
            raise UnbalancedJournal(f"{self.id}: a posting has not exactly one positive side")
        if sum(posting.debit - posting.credit for posting in self.postings):
            raise UnbalancedJournal(f"{self.id}: debits and credits differ")


def _one_sided(posting: Posting) -> bool:
    debit, credit = posting.debit, posting.credit
    one = (debit > 0 and credit == 0) or (debit == 0 and credit > 0)
    return one and type(debit) is int and type(credit) is int
