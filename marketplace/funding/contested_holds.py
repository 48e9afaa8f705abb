"""What a chargeback takes out of contracts' holds, and how each gets it back: one commit a contract.

The whole amount was withdrawn before, in one journal; from then on it is owed. A contract pays a part of that
debt with what it holds and nobody has earned.
"""

from marketplace.contracts import freezing, paying
from marketplace.contracts.contract import Contract
from marketplace.funding.chargeback import Chargeback, ChargebackStatus
from marketplace.funding.chargebacks import about
from marketplace.funding.taken_hold import TakenHold, taken_hold_id
from marketplace.ledger import postings
from marketplace.shared.accounts import client_owner
from marketplace.shared.events import EventType
from marketplace.shared.transaction import Transaction


def take_hold(chargeback_id: str, contract_id: str, tx: Transaction) -> None:
    """As much as is owed and nobody has earned; nothing where nothing is contested any more.

    Raises NotFound; InsufficientFunds when the client paid since the balance was read here: then it is
    worth another look.
    """
    contract = tx.get(Contract, contract_id)
    chargeback = tx.get(Chargeback, chargeback_id)
    identifier = taken_hold_id(chargeback.id, contract.id)
    if tx.find(TakenHold, identifier) is not None or contract.client_id != chargeback.client_id:
        return
    amount = min(_wanted(chargeback, tx), freezing.open_to(contract))
    if amount <= 0 or contract.currency != chargeback.amount.currency:
        return
    left = freezing.taken(contract, chargeback.id, amount)
    tx.save(
        left,
        chargeback.hold_taken(amount),
        TakenHold(identifier, chargeback.id, contract.id, amount),
    )
    moved = (
        *postings.hold_charged_back(contract.client_id, contract.id, amount),
        *paying.client_fee(contract, left),
    )
    tx.post(contract.currency, "chargeback of a hold", moved)
    tx.publish(
        EventType.CONTRACT_CHARGED_BACK, about=(contract.id, chargeback.id, contract.worker_id), amount=amount
    )


def release_hold(taken_id: str, tx: Transaction) -> None:
    """The contract gets back what the bank gave back; where the chargeback is lost and settled, it goes on
    without. Raises NotFound."""
    taken = tx.get(TakenHold, taken_id)
    chargeback = tx.get(Chargeback, taken.chargeback_id)
    withdrawal = chargeback.withdrawal
    if taken.is_over or withdrawal is None:
        return
    if withdrawal.reinstated_at is None and chargeback.status != ChargebackStatus.LOST:
        return
    contract = tx.get(Contract, taken.contract_id)
    back = min(taken.amount, withdrawal.to_give_back)
    if back:
        after = freezing.given_back(contract, chargeback.id, back, at=tx.now)
    else:
        after = freezing.unfrozen(contract, chargeback.id, at=tx.now)
    tx.save(taken.over(), after, chargeback.released(taken.amount, back))
    _book_release(contract, after, back, tx)
    tx.publish(
        EventType.CONTRACT_UNFROZEN, about=(contract.id, chargeback.id, contract.worker_id), amount=back
    )


def search_on(chargeback_id: str, after: str, tx: Transaction) -> None:
    """The next contracts are looked at by another message, from the position `after` on. Raises NotFound."""
    chargeback = tx.get(Chargeback, chargeback_id)
    tx.publish(EventType.CHARGEBACK_COLLECTING, about=about(chargeback), after=after)


def release_on(chargeback_id: str, after: str, tx: Transaction) -> None:
    """The next contracts are released by another message. Raises NotFound."""
    chargeback = tx.get(Chargeback, chargeback_id)
    tx.publish(EventType.CHARGEBACK_RELEASING, about=about(chargeback), after=after)


def still_wanted(chargeback: Chargeback) -> int:
    """What contracts' holds could still pay of it, minor units; 0 once the bank has given it back."""
    withdrawal = chargeback.withdrawal
    return withdrawal.uncovered if withdrawal and chargeback.is_contested else 0


def _wanted(chargeback: Chargeback, tx: Transaction) -> int:
    balances = tx.store.balances(client_owner(chargeback.client_id))
    owed = balances.get(chargeback.amount.currency, {}).get("receivable", 0)
    return min(still_wanted(chargeback), owed)


def _book_release(before: Contract, after: Contract, back: int, tx: Transaction) -> None:
    """One journal of what came back, and of what the contract has no use for."""
    held = after.chargebacks.restored - before.chargebacks.restored
    moved = (
        *postings.given_back(before.client_id, before.id, hold=held, wallet=back - held),
        *postings.returned(before.client_id, before.id, after.returned - before.returned),
        *paying.client_fee(before, after),
    )
    if any(posting.debit or posting.credit for posting in moved):
        tx.post(before.currency, "chargeback released", moved)
