"""What happens to a payout, one commit each."""

from collections.abc import Mapping
from dataclasses import field

from marketplace.ledger import postings
from marketplace.ledger.postings import Postings
from marketplace.payouts.amounts import minimum
from marketplace.payouts.instant import Method
from marketplace.payouts.payout import Need, Payout, PayoutStatus
from marketplace.payouts.ports import BankPayout, InstantFee
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.withdrawal import Withdrawal, ready_account, undo, withdraw
from marketplace.shared.accounts import available, worker_owner
from marketplace.shared.errors import (
    CurrencyRequired,
    Fault,
    InsufficientFunds,
    InvalidRequest,
    PayoutsDisabled,
)
from marketplace.shared.events import EventType
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

_EVENTS = {
    PayoutStatus.PENDING: EventType.PAYOUT_WAITING,
    PayoutStatus.UNKNOWN: EventType.PAYOUT_UNKNOWN,
    PayoutStatus.SENT: EventType.PAYOUT_SENT,
    PayoutStatus.PAID: EventType.PAYOUT_PAID,
    PayoutStatus.FAILED: EventType.PAYOUT_FAILED,
}


@dataclass(frozen=True)
class RequestPayout:
    """Without an amount: everything, if there is one currency."""

    payout_id: str
    worker_id: str
    amount: Money | None
    rules: PayoutRules = field(default_factory=PayoutRules)
    method: Method = Method.STANDARD


@dataclass(frozen=True)
class RecordTransfer:
    """What came of `attempt` at the transfer, asked at `at`; `bank` is what came of the bank payout, which is
    asked for once the transfer is done."""

    payout_id: str
    attempt: int
    answer: Outcome[str]
    bank: Outcome[BankPayout] | None
    at: int


@dataclass(frozen=True)
class RecordBankPayout:
    """What came of `attempt` at the bank payout, asked at `at`."""

    payout_id: str
    attempt: int
    answer: Outcome[BankPayout]
    at: int


def request_payout(command: RequestPayout, tx: Transaction) -> Payout:
    """The money cannot be withdrawn twice from here on.

    Raises InvalidRequest below the minimum, CurrencyRequired, PayoutsDisabled, InsufficientFunds,
    InstantUnsupported.
    """
    account = ready_account(command.worker_id, tx)
    balances = tx.store.balances(worker_owner(command.worker_id))
    amount = command.amount or _everything(balances)
    if command.amount is not None and command.amount.amount < minimum(command.amount.currency):
        raise InvalidRequest.at("/amount/amount", f"must be at least {minimum(command.amount.currency)}")
    if account is None:
        raise PayoutsDisabled("verify your payout account first: POST /v1/workers/me/payout-account")
    if amount is None or amount.amount < minimum(amount.currency):
        raise InsufficientFunds(available(command.worker_id))
    figures = balances.get(amount.currency, {})
    wanted = Withdrawal(command.payout_id, amount, figures, command.rules, command.method)
    return withdraw(wanted, account, tx)


def record_transfer(command: RecordTransfer, tx: Transaction) -> Payout | None:
    """The transfer's journal, and whatever is known of the bank payout with it; None when somebody else
    has written this down already. Raises NotFound."""
    payout = tx.get(Payout, command.payout_id)
    if payout.need != Need.TRANSFER or payout.transfer.attempt != command.attempt:
        return None
    recorded = payout.transfer_answered(command.answer, command.at)
    worker, amount, references = payout.worker_id, payout.amount, _at_stripe(recorded)
    if isinstance(command.answer, Done):
        if command.bank is not None:
            recorded = recorded.bank_answered(command.bank, command.at)
            references = _at_stripe(recorded)
        moved = postings.transfer_confirmed(worker, amount.amount) + _fee_returned(payout, recorded)
        tx.post(amount.currency, "transfer to the worker's Stripe account", moved, references)
    elif recorded.status == PayoutStatus.FAILED:
        undo(payout, "transfer refused", tx)
    elif payout.awaits_funds and recorded.awaits_funds:
        tx.save(recorded)
        return recorded
    return _saved(recorded, tx)


def record_bank_payout(command: RecordBankPayout, tx: Transaction) -> Payout | None:
    """No money moves in our books until the bank has it, but for the fee of one that cannot go instantly;
    None when this is written down already. Raises NotFound."""
    payout = tx.get(Payout, command.payout_id)
    if payout.need != Need.BANK or payout.bank.attempt != command.attempt:
        return None
    recorded = payout.bank_answered(command.answer, command.at)
    if returned := _fee_returned(payout, recorded):
        tx.post(payout.amount.currency, "fee of an instant payout returned", returned)
    return _saved(recorded, tx)


def settle_bank_payout(bank: BankPayout, tx: Transaction) -> Payout | None:
    """The bank has the money, or gives it back, even after having it; None when nothing is new.
    Raises NotFound."""
    payout = tx.get(Payout, bank.payout_id)
    if payout.bank.stripe_id != bank.id:
        return None
    worker, currency, amount = payout.worker_id, payout.amount.currency, payout.left.amount
    if bank.is_paid and payout.status == PayoutStatus.SENT:
        tx.post(currency, "at the bank", postings.bank_payout_paid(worker, amount), references=(bank.id,))
        return _saved(payout.paid(tx.now), tx)
    if bank.has_failed and payout.status in (PayoutStatus.SENT, PayoutStatus.PAID):
        failed = payout.bank_failed(bank, tx.now)
        late = payout.status == PayoutStatus.PAID
        back = postings.bank_payout_failed_late(worker, amount) if late else ()
        if moved := back + _fee_returned(payout, failed):
            tx.post(currency, "returned by the bank", moved, references=(bank.id,))
        return _saved(failed, tx)
    return None


def post_instant_fee(payout_id: str, bank_payout_id: str, fee: InstantFee, tx: Transaction) -> None:
    """What Stripe asked of us for it is our expense, whoever bears it in the end, until it is given back.
    Raises NotFound."""
    payout = tx.get(Payout, payout_id)
    references = (fee.balance_transaction, bank_payout_id)
    back = " given back" if fee.fee.amount < 0 else ""
    tx.post(
        fee.fee.currency,
        f"Stripe's fee for an instant payout{back}",
        postings.stripe_fee(fee.fee.amount),
        references,
    )
    tx.publish(
        EventType.STRIPE_FEE_POSTED,
        about=(fee.balance_transaction, payout.id, *_at_stripe(payout), bank_payout_id),
    )


def resend(payout_id: str, leg: Leg, tx: Transaction) -> bool:
    """Written down before what may have been lost is sent again; False when somebody has changed the leg
    since it was read: then nothing may be sent. Raises NotFound, IllegalTransition."""
    payout = tx.get(Payout, payout_id)
    if leg not in payout.legs:
        return False
    resending = payout.resending(tx.now)
    tx.save(resending)
    tx.publish(EventType.PAYOUT_UNKNOWN, about=_about(resending))
    return True


def plan_anew(payout_id: str, leg: Leg, tx: Transaction) -> None:
    """Another attempt, at once, at what `leg` has certainly not done and cannot do any more, unless somebody
    has changed it since it was read. Raises NotFound, IllegalTransition."""
    payout = tx.get(Payout, payout_id)
    if leg in payout.legs:
        anew = payout.planned_anew(tx.now)
        tx.save(anew)
        tx.publish(EventType.PAYOUT_DUE, about=_about(anew))


def postpone(payout: Payout, until: int, tx: Transaction) -> None:
    """Nothing to do before `until`, unless the payout has changed meanwhile. Raises NotFound."""
    if tx.get(Payout, payout.id) == payout:
        tx.save(payout.postponed(until))


def look_after(payout_id: str, tx: Transaction) -> None:
    """Puts a payout that needs something into the queue. Raises NotFound."""
    payout = tx.get(Payout, payout_id)
    if payout.need == Need.NOTHING:
        return
    tx.save(payout.looked_after(tx.now))
    tx.publish(EventType.PAYOUT_DUE, about=_about(payout))


def wake_payout(payout_id: str, tx: Transaction) -> None:
    """Its clock ran out: it needs looking after."""
    payout = tx.find(Payout, payout_id)
    if payout is not None and payout.sweep_at is not None and payout.sweep_at <= tx.now:
        look_after(payout_id, tx)


def _everything(balances: Mapping[str, Mapping[str, int]]) -> Money | None:
    """All that is available, if it is in one currency; None if there is nothing. Raises CurrencyRequired."""
    found = {currency: names["available"] for currency, names in balances.items() if names.get("available")}
    if len(found) > 1:
        raise CurrencyRequired((Fault("/amount", f"name one of {', '.join(sorted(found))}"),))
    return next((Money(amount, currency) for currency, amount in found.items()), None)


def _fee_returned(before: Payout, after: Payout) -> Postings:
    """What the worker gets back of one that was to be instant, and is not any more."""
    if before.instant is None or not before.instant.fee or before.goes_instantly == after.goes_instantly:
        return ()
    return postings.instant_fee_returned(before.worker_id, before.instant.fee)


def _saved(payout: Payout, tx: Transaction) -> Payout:
    tx.save(payout)
    tx.publish(_EVENTS[payout.status], about=_about(payout))
    return payout


def _about(payout: Payout) -> tuple[str, ...]:
    return (payout.id, payout.worker_id, *_at_stripe(payout))


def _at_stripe(payout: Payout) -> tuple[str, ...]:
    found = (payout.transfer.stripe_id, payout.bank.stripe_id)
    return tuple(identifier for identifier in found if identifier is not None)
