"""What moves in and out of a contract's hold, and who gets it: the one place that tells the ledger.

A use case changes the contract's head (`with_funds`, `with_released`, `with_returned`, `with_reversed`) and
hands over the head before and after: the journal says exactly what the head says.

    wallet ──funded──> hold ──released──> each payee's net, and the fee
       ^────returned────┘ ^────reversed─────────┘

The client's fee goes beside it, wallet ──> contract's client_fee ──> fees, and back. Amounts are minor units.
"""

from marketplace.contracts.billing import Billing, billing_of
from marketplace.contracts.contract import Contract
from marketplace.ledger import postings
from marketplace.people.privacy import require_staying
from marketplace.shared.accounts import worker_owner
from marketplace.shared.records import dataclass
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
    agency_id: str | None = None

    @property
    def net(self) -> int:
        """What the workers get together."""
        return sum(share.amount for share in self.shares)

    @property
    def payees(self) -> tuple[str, ...]:
        """The ids of the workers, and of the agency that they share it in, for the event that tells of it."""
        workers = tuple(share.worker_id for share in self.shares)
        return (*workers, self.agency_id) if self.agency_id else workers

    def part_of(self, worker_id: str) -> int:
        """What that worker gets."""
        return sum(share.amount for share in self.shares if share.worker_id == worker_id)


def shared(contract: Contract, *, net: int, fee: int = 0) -> Pay:
    """The net to the contract's worker, or to each member of the agency."""
    if contract.agency is None:
        return Pay(fee, (Share(contract.worker_id, net),))
    parts = tuple(Share(worker_id, part) for worker_id, part in contract.agency.split(net))
    return Pay(fee, parts, contract.agency.agency_id)


def pay_between(contract: Contract, earlier: int, upto: int, *, billed: int = 0) -> Pay:
    """The parts of one piece of work's gross from `earlier` to `upto`, when `billed` was billed between the
    two sides before."""
    fee = contract.worker_fee.between(earlier, upto, billed=billed)
    return shared(contract, net=upto - earlier - fee, fee=fee)


def pay_expected(contract: Contract, earlier: int, upto: int, tx: Transaction) -> Pay:
    """What the part would pay if it were released now; changes nothing."""
    billed = billing_of(contract, tx).billed if contract.worker_fee.tiers else 0
    return pay_between(contract, earlier, upto, billed=billed)


def book(before: Contract, after: Contract, description: str, tx: Transaction, *, earlier: int = 0) -> Pay:
    """Stages the journal of what was funded, released and returned between the two; nothing moved has none.

    `earlier` is the gross that the released piece of work was paid before. Answers what the release pays.
    """
    released = after.released - before.released
    pay = pay_between(before, earlier, earlier + released, billed=_bill(before, released, tx))
    journal = (
        *postings.funded(before.client_id, before.id, after.funded - before.funded),
        *postings.released(before.id, _by_worker(pay), fee=pay.fee),
        *postings.returned(before.client_id, before.id, after.returned - before.returned),
        *client_fee(before, after),
    )
    _post(before.currency, description, journal, tx)
    return pay


def book_reversal(before: Contract, after: Contract, description: str, tx: Transaction) -> Pay:
    """Stages the journal of pay that comes back: out of what each worker has available, the rest as a debt;
    and what was returned to the wallet in the same go. Answers what is taken back.

    With tiers, billings go down as they went up: what is left was paid as if this had never been. When a
    worker withdraws before this is committed, or one who would owe is paid, it is done again with what is
    there then: nobody owes what they have.
    """
    gross = after.reversed - before.reversed
    pay = pay_between(before, 0, gross, billed=_bill(before, -gross, tx) - gross)
    there = {share.worker_id: _available(share, before, tx) for share in pay.shares}
    available = {share.worker_id: min(share.amount, there[share.worker_id]) for share in pay.shares}
    owed = {share.worker_id: share.amount - available[share.worker_id] for share in pay.shares}
    for worker in (worker for worker, amount in owed.items() if amount):
        tx.expect(worker_owner(worker), before.currency, "available", there[worker])
    journal = (
        *postings.taken_back(before.id, available=available, owed=owed, fee=pay.fee),
        *postings.returned(before.client_id, before.id, after.returned - before.returned),
        *client_fee(before, after),
    )
    _post(before.currency, description, journal, tx)
    return pay


def book_bonus(contract: Contract, gross: int, tx: Transaction) -> Pay:
    """Stages the journal of a bonus, which comes straight out of the wallet, the client's fee on top. Answers
    what it pays. Raises IllegalTransition when it would pay somebody who is being forgotten: a contract may
    have ended long ago."""
    pay = pay_between(contract, 0, gross, billed=_bill(contract, gross, tx))
    require_staying((share.worker_id for share in pay.shares), tx)
    journal = (
        *postings.bonus(contract.client_id, _by_worker(pay), fee=pay.fee),
        *postings.client_fee(contract.client_id, contract.id, held=0, earned=contract.client_fee(gross)),
    )
    tx.post(contract.currency, postings.BONUS, journal)
    return pay


def client_fee(before: Contract, after: Contract) -> postings.Postings:
    """What of the client's fee is reserved or free, earned or not, once the head is another. Whatever changes
    `held` or `released` posts it too."""
    return postings.client_fee(
        before.client_id,
        before.id,
        held=after.client_fee_held - before.client_fee_held,
        earned=after.client_fee_earned - before.client_fee_earned,
    )


def _bill(contract: Contract, gross: int, tx: Transaction) -> int:
    """Adds to what the two sides have billed, where that counts. Answers what it was before."""
    if not contract.worker_fee.tiers:
        return 0
    billing: Billing = billing_of(contract, tx)
    if gross:
        tx.save(billing.with_billed(gross))
    return billing.billed


def _post(currency: str, description: str, journal: postings.Postings, tx: Transaction) -> None:
    if any(posting.debit or posting.credit for posting in journal):
        tx.post(currency, description, journal)


def _by_worker(pay: Pay) -> dict[str, int]:
    return {share.worker_id: share.amount for share in pay.shares}


def _available(share: Share, contract: Contract, tx: Transaction) -> int:
    """What the worker has not withdrawn, minor units."""
    balances = tx.adapted_balances(worker_owner(share.worker_id))
    return balances.get(contract.currency, {}).get("available", 0)
