"""What moves in and out of a contract's hold, and who gets it: the one place that tells the ledger.

A use case changes the contract's head (`with_funds`, `with_released`, `with_returned`, `with_reversed`) and
hands over the head before and after: the journal says exactly what the head says.

    wallet ──funded──> hold ──released──> each payee's net, and the fee
       ^────returned────┘ ^────reversed─────────┘
"""

from dataclasses import dataclass

from marketplace.contracts.contract import Contract
from marketplace.ledger import postings
from marketplace.shared.accounts import worker_owner
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class Share:
    """What one worker gets, minor units."""

    worker_id: str
    amount: int


@dataclass(frozen=True)
class Pay:
    """A gross amount's parts, minor units: our fee and each worker's part of the net."""

    fee: int
    shares: tuple[Share, ...]

    @property
    def net(self) -> int:
        """What the workers get together."""
        return sum(share.amount for share in self.shares)

    @property
    def payees(self) -> tuple[str, ...]:
        """The workers' ids, for the event that tells of it."""
        return tuple(share.worker_id for share in self.shares)


def pay_between(contract: Contract, earlier: int, upto: int) -> Pay:
    """The parts of one piece of work's gross from `earlier` to `upto`, minor units. Each is what it is up to
    the end less what it was up to the beginning: however a piece is paid, its fee is rounded once."""
    fee_before, net_before = contract.fee_and_net(earlier)
    fee, net = contract.fee_and_net(upto)
    return Pay(fee - fee_before, (Share(contract.worker_id, net - net_before),))


def book(before: Contract, after: Contract, description: str, tx: Transaction, *, earlier: int = 0) -> Pay:
    """Stages the journal of what was funded, released and returned between the two; nothing moved has none.

    `earlier` is the gross that the released piece of work was paid before. Answers what the release pays.
    """
    released = after.released - before.released
    pay = pay_between(before, earlier, earlier + released)
    journal = (
        *postings.funded(before.client_id, before.id, after.funded - before.funded),
        *postings.released(before.id, _by_worker(pay), fee=pay.fee),
        *postings.returned(before.client_id, before.id, after.returned - before.returned),
    )
    _post(before.currency, description, journal, tx)
    return pay


def book_reversal(before: Contract, after: Contract, description: str, tx: Transaction) -> Pay:
    """Stages the journal of pay that comes back: out of what each worker has available, the rest as a debt;
    and what was returned to the wallet in the same go. Answers what is taken back.

    When a worker withdraws before this is committed, it is done again with what is there then.
    """
    pay = pay_between(before, 0, after.reversed - before.reversed)
    available = {share.worker_id: min(share.amount, _available(share, before, tx)) for share in pay.shares}
    owed = {share.worker_id: share.amount - available[share.worker_id] for share in pay.shares}
    journal = (
        *postings.taken_back(before.id, available=available, owed=owed, fee=pay.fee),
        *postings.returned(before.client_id, before.id, after.returned - before.returned),
    )
    _post(before.currency, description, journal, tx)
    return pay


def book_bonus(contract: Contract, gross: int, tx: Transaction) -> Pay:
    """Stages the journal of a bonus, which comes straight out of the wallet. Answers what it pays."""
    pay = pay_between(contract, 0, gross)
    tx.post(contract.currency, "bonus", postings.bonus(contract.client_id, _by_worker(pay), fee=pay.fee))
    return pay


def _post(currency: str, description: str, journal: postings.Postings, tx: Transaction) -> None:
    if any(posting.debit or posting.credit for posting in journal):
        tx.post(currency, description, journal)


def _by_worker(pay: Pay) -> dict[str, int]:
    return {share.worker_id: share.amount for share in pay.shares}


def _available(share: Share, contract: Contract, tx: Transaction) -> int:
    """What the worker has not withdrawn, minor units."""
    balances = tx.adapted_balances(worker_owner(share.worker_id))
    return balances.get(contract.currency, {}).get("available", 0)
