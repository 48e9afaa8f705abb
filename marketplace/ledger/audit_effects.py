"""Law 5: what money did on its way, counted by the object that it did it for."""

from collections import Counter
from collections.abc import Iterable, Iterator

from marketplace.ledger.audit import Breach
from marketplace.shared import accounts
from marketplace.shared.ids import prefix_of
from marketplace.shared.journal import Journal


class Effects:
    """What was counted so far."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, about: Iterable[str], journal: Journal) -> None:
        """Counts one journal of an event about these objects; a reversal counts back."""
        for what, subject, change in effects_of(about, journal):
            self._counted[subject, what] += change

    def breaches(self) -> Iterator[Breach]:
        """What had an effect twice."""
        for (subject, what), count in sorted(self._counted.items()):
            yield from effect_breaches(what, subject, count)


EFFECTS = (
    "bank line",
    "charge",
    "instant fee",
    "payment",
    "refund",
    "suspense entry",
    "transfer",
    "withdrawal",
)


def effects_of(about: Iterable[str], journal: Journal) -> Iterator[tuple[str, str, int]]:
    """(what, for which object, how often) of a journal; what goes back counts below zero. What happens to a
    transfer is about its payout first, and then about those whose money it was; what comes back of it may
    come in parts, and never makes room for another."""
    debited = {posting.account for posting in journal.postings if posting.debit}
    credited = {posting.account for posting in journal.postings if posting.credit}
    subjects = tuple(about)
    to_card = (accounts.STRIPE in credited) - (accounts.STRIPE in debited)
    if accounts.CONNECTED in debited and accounts.STRIPE in credited:
        yield from (("transfer", one, 1) for one in subjects if one.startswith("pay_"))
    for subject in subjects:
        kind = prefix_of(subject)
        if kind == "top" and subject == subjects[0]:
            yield "charge", subject, accounts.STRIPE in debited
        elif kind == "ref":
            yield "refund", subject, to_card
        elif kind == "chb":
            yield "withdrawal", subject, to_card
        elif kind == "pay":
            yield "bank line", subject, _to_the_bank(debited, credited) - _to_the_bank(credited, debited)
            yield (
                "instant fee",
                subject,
                (accounts.STRIPE_FEES in debited) - (accounts.STRIPE_FEES in credited),
            )
        elif kind in ("res", "mil"):
            yield "payment", subject, _reaches_the_worker(credited) - _reaches_the_worker(debited)
        elif kind == "sus":
            yield "suspense entry", subject, -1 if _names_a_journal(journal.references) else 1


def effect_breaches(what: str, subject: str, count: int) -> Iterator[Breach]:
    """Law 5, of one object."""
    if not 0 <= count <= 1:
        yield Breach(5, subject, f"has {count} effective {what}s")


def _names_a_journal(references: Iterable[str]) -> bool:
    """Whether it is the reverse of another."""
    return any(name.startswith("jrn_") for name in references)


def _to_the_bank(debited: set[str], credited: set[str]) -> bool:
    """Whether what waited at Stripe has left it, and not come back to us."""
    away = accounts.CONNECTED in credited and accounts.STRIPE not in debited
    return away and any(name.endswith(":at_stripe") for name in debited)


def _reaches_the_worker(side: set[str]) -> bool:
    """Whether one side of a journal holds a result's pay: the worker's net, or if that is none, the fee."""
    return any(name == accounts.FEES or name.startswith("worker:") for name in side)
