"""The laws that hold always, as pure checks over what was read. Each answers with the ids that break it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from marketplace.ledger.totals import Sides, Totals
from marketplace.shared import accounts
from marketplace.shared.journal import POSTINGS_MAX
from marketplace.shared.records import dataclass

LAWS = {
    1: "every journal balances, in whole minor units of one currency",
    2: "every kept balance is the fold of its postings, and all debits equal all credits",
    3: "per contract: funded = held + released + returned + charged back, and the ledger says the same",
    4: "seats are never over-awarded, and state changes follow the tables",
    5: "one effective transfer, bank line and instant fee a payout, charge a top-up, payment a milestone or"
    " result, refund a refund, withdrawal a chargeback",
    7: "no second of a worker's time is billed twice, unproven or beyond a cap, and sessions never overlap",
    8: "one rating a side, hidden until both are in or the window has closed",
    9: "an event that rides on a head is the one in its table",
    10: "every event reached its table and its projections",
}
"""By their number in the invariants. Law 6 is Stripe's (`AT_STRIPE`); what only a simulation can show has no
row."""
AT_STRIPE = {6: "each of Stripe's balance transactions has one journal, and the reverse"}

KEPT_NAMES = frozenset({"wallet", "refunding", "reinstated", "receivable", "available", "owed"})
"""What of an owner's figures is a balance of the ledger; others stand beside it."""
GUARDED_NAMES = frozenset({"wallet", "refunding", "reinstated", "available", "owed"})

Balances = Mapping[str, Mapping[str, int]]
"""Currency to name to minor units, of one owner."""


@dataclass(frozen=True, order=True)
class Breach:
    """`subject` is the id that breaks the law."""

    law: int
    subject: str
    detail: str


@dataclass(frozen=True)
class ContractMoney:
    """A contract's head, minor units; `hold` is what the ledger says of its hold, `reversed` what came back
    into it from the worker, `restored` what a chargeback had taken and gave back."""

    id: str
    funded: int
    held: int
    released: int
    returned: int
    reserved: int
    hold: Sides
    reversed: int = 0
    charged_back: int = 0
    restored: int = 0


@dataclass(frozen=True)
class ResultMoney:
    """A contract paid by the result: its counts beside those of the results themselves, `waiting`, `disputed`
    and `paid`; money in minor units. `withheld` is what paid results got less than their price."""

    id: str
    unit: int
    quantity: int
    submitted: int
    accepted: int
    waiting: int
    paid: int
    released: int
    contested: int = 0
    disputed: int = 0
    withheld: int = 0


@dataclass(frozen=True)
class TaskSeats:
    """`taken` counts the contracts whose offer has not fallen through."""

    id: str
    seats: int
    seats_left: int
    taken: int


@dataclass(frozen=True)
class Worked:
    """[started_at, ended_at) of one session, epoch seconds; None while it runs."""

    session_id: str
    worker_id: str
    started_at: int
    ended_at: int | None


@dataclass(frozen=True)
class Rated:
    """One side's rating: it may be shown from `reveals_at` on, and was by its timer at `shown_at`, if ever;
    epoch seconds."""

    id: str
    contract_id: str
    side: str
    revealed: bool = False
    reveals_at: int = 0
    shown_at: int | None = None


def journal_breaches(event_id: str, journal: Mapping[str, Any]) -> Iterator[Breach]:
    """Law 1, on a journal as it is stored: an amount of zero is left out."""
    rows = journal.get("postings", [])
    sides = [(row.get("debit", 0), row.get("credit", 0)) for row in rows]
    if not 2 <= len(rows) <= POSTINGS_MAX:
        yield Breach(1, event_id, f"its journal has {len(rows)} postings")
    if any(type(amount) is not int or amount < 0 for pair in sides for amount in pair):
        yield Breach(1, event_id, "an amount of its journal is not a whole number")
    elif sum(debit - credit for debit, credit in sides):
        yield Breach(1, event_id, "its journal does not balance")
    elif any(bool(debit) == bool(credit) for debit, credit in sides):
        yield Breach(1, event_id, "a posting has not exactly one side")


def currency_breaches(totals: Totals) -> Iterator[Breach]:
    """Law 2, of the whole ledger."""
    for currency in totals.currencies:
        sums = totals.sums(currency)
        if sums.balance:
            yield Breach(2, currency, f"debits are {sums.debits}, credits {sums.credits}")


def balance_breaches(totals: Totals, kept: Mapping[str, Balances]) -> Iterator[Breach]:
    """Law 2, of every owner whose balances are kept."""
    folded: dict[tuple[str, str, str], int] = {}
    for currency, account, sides in totals:
        owner, name = accounts.owner_and_name(account)
        if accounts.is_kept(account):
            folded[owner, currency, name] = accounts.grown(name, debits=sides.debits, credits=sides.credits)
    found = {
        (owner, currency, name): amount
        for owner, balances in kept.items()
        for currency, names in balances.items()
        for name, amount in names.items()
        if name in KEPT_NAMES
    }
    for place in sorted(folded.keys() | found.keys()):
        owner, currency, name = place
        if folded.get(place, 0) != found.get(place, 0):
            more = found.get(place, 0) - folded.get(place, 0)
            yield Breach(2, f"{owner}:{name}", f"{more:+} {currency} is kept beside what was posted")
        if name in GUARDED_NAMES and found.get(place, 0) < 0:
            yield Breach(2, f"{owner}:{name}", f"is below zero: {found[place]} {currency}")


def contract_breaches(contract: ContractMoney) -> Iterator[Breach]:
    """Law 3."""
    if contract.funded != contract.held + contract.released + contract.returned + contract.charged_back:
        yield Breach(3, contract.id, "funded is not held + released + returned + charged back")
    if not 0 <= contract.reserved <= contract.held:
        yield Breach(3, contract.id, f"reserved is {contract.reserved}, held is {contract.held}")
    if -contract.hold.balance != contract.held:
        yield Breach(3, contract.id, f"held is {contract.held}, the ledger says {-contract.hold.balance}")
    came = contract.hold.credits - contract.reversed - contract.restored
    if came != contract.funded:
        yield Breach(3, contract.id, f"funded is {contract.funded}, the ledger says {came}")


def result_breaches(contract: ResultMoney) -> Iterator[Breach]:
    """Law 3, of a contract paid by the result: what is accepted is paid once."""
    counted = (contract.submitted, contract.contested, contract.accepted)
    there = (contract.waiting, contract.disputed, contract.paid)
    if counted != there:
        told = "counts {} waiting, {} disputed and {} paid results, there are {}, {} and {}"
        yield Breach(3, contract.id, told.format(*counted, *there))
    if sum(counted) > contract.quantity:
        yield Breach(3, contract.id, f"took more than its {contract.quantity} results")
    if contract.released != contract.unit * contract.accepted - contract.withheld:
        yield Breach(3, contract.id, f"{contract.released} was released for {contract.accepted} results")


def seat_breaches(task: TaskSeats) -> Iterator[Breach]:
    """Law 4."""
    if task.seats_left < 0 or task.taken > task.seats:
        yield Breach(4, task.id, f"{task.taken} of {task.seats} seats are taken")
    elif task.seats_left != task.seats - task.taken:
        yield Breach(4, task.id, f"{task.seats_left} of {task.seats} seats left, {task.taken} taken")


def overlap_breaches(sessions: Iterable[Worked]) -> Iterator[Breach]:
    """Law 7."""
    return overlaps_in_order(sorted(sessions, key=lambda s: (s.worker_id, s.started_at, s.ended_at or 0)))


def overlaps_in_order(sessions: Iterable[Worked]) -> Iterator[Breach]:
    """Law 7, of sessions by worker and start: two are looked at at a time."""
    for earlier, later in pairwise(sessions):
        if earlier.worker_id == later.worker_id and (
            earlier.ended_at is None or later.started_at < earlier.ended_at
        ):
            yield Breach(7, later.session_id, f"began before {earlier.session_id} had ended")


def rating_breaches(ratings: Iterable[Rated]) -> Iterator[Breach]:
    """Law 8, of a contract's ratings, or of many contracts'."""
    first: dict[tuple[str, str], str] = {}
    all_of_them = list(ratings)
    sides = Counter(contract for contract, _ in {(rated.contract_id, rated.side) for rated in all_of_them})
    for rated in all_of_them:
        earlier = first.setdefault((rated.contract_id, rated.side), rated.id)
        if earlier != rated.id:
            yield Breach(8, rated.id, f"rates {rated.contract_id} a second time, after {earlier}")
        both = sides[rated.contract_id] > 1
        if both and not rated.revealed:
            yield Breach(8, rated.id, "is hidden, and both sides have rated")
        if rated.revealed and not both and (rated.shown_at is None or rated.shown_at < rated.reveals_at):
            yield Breach(8, rated.id, "is shown before its window has closed")
