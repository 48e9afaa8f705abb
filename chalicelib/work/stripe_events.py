"""Works on what Stripe told us.

An event only says where to look: what it is about is read again at Stripe, so that a late, early or
repeated event leads to the same.
"""

from collections.abc import Callable
from functools import partial

from chalicelib.work import returns
from chalicelib.work.marks import mark
from chalicelib.work.own_payouts import OF_OWN_PAYOUTS, learn_own_payout
from chalicelib.work.payouts import courier
from marketplace.funding import use_cases as funding
from marketplace.funding.top_up import TopUp
from marketplace.payouts import use_cases as payouts
from marketplace.payouts.amounts import affordable
from marketplace.people.payout_account import PayoutAccount, payout_account_id, update_payout_account
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.outcomes import known
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import AWAITING_FUNDS

ACTOR = "stripe"


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again; types that mean nothing to us are left alone."""
    own = _OUR_OWN.get(event.type)
    if own is not None:
        own(event, runtime)
        return
    if event.type == EventType.PAYOUT_ACCOUNT_DUE:
        _look_at_account(event.about[0], event.id, event, runtime)
        return
    tasks = _OF_WORKERS_ACCOUNTS if event.details["account"] else _OF_OUR_ACCOUNT
    task = tasks.get(event.details["stripe_type"])
    if task is not None:
        task(event, runtime)


def _credit_payment(event: Event, runtime: Runtime) -> None:
    """The card has paid a payment of ours."""
    if mark(event, "top_up_id", "top"):
        _credit(event.details["object_id"], event, runtime)


def _look_for_payment(event: Event, runtime: Runtime) -> None:
    """Nobody has told us whether the card has paid."""
    found = runtime.store.read(TopUp, event.about[0])
    if found is None or found[0].payment_intent is None:
        return
    charge = _credit(found[0].payment_intent, event, runtime)
    if charge:
        _post_fee_of(charge, event, runtime)


def _credit(payment_intent: str, event: Event, runtime: Runtime) -> str:
    """The charge's id, empty while there is none."""
    payment = known(runtime.stripe.payments.payment(payment_intent))
    if not payment.succeeded:
        return ""
    _commit(event, runtime, f"{payment.top_up_id}:charged", partial(funding.credit_top_up, payment))
    return payment.charge


def _post_fee(event: Event, runtime: Runtime) -> None:
    """A charge may have been booked."""
    _post_fee_of(event.details["object_id"], event, runtime)


def _post_fee_of(charge: str, event: Event, runtime: Runtime) -> None:
    fee = known(runtime.stripe.payments.fee_of(charge))
    if fee is not None:
        _commit(event, runtime, f"{fee.balance_transaction}:fee", partial(funding.post_charge_fee, fee))


def _refresh_account(event: Event, runtime: Runtime) -> None:
    """A worker's account has changed; the last to read it is the one that counts."""
    worker_id = mark(event, "worker_id", "wrk")
    if worker_id:
        _look_at_account(payout_account_id(worker_id), event.details["stripe_id"], event, runtime)


def _look_at_account(account_id: str, told_by: str, event: Event, runtime: Runtime) -> None:
    found = runtime.store.read(PayoutAccount, account_id)
    if found is None or found[0].stripe_account is None:
        return
    seen, state = found[0], known(runtime.stripe.accounts.account(found[0].stripe_account))
    _commit(event, runtime, f"{told_by}:account", partial(update_payout_account, seen, state))


def _find_transfer(event: Event, runtime: Runtime) -> None:
    """A transfer was made; its sender knows, unless the answer was lost."""
    payout_id = mark(event, "payout_id", "pay")
    if payout_id:
        courier(event, runtime).find_lost(payout_id)


def _find_reversals(event: Event, runtime: Runtime) -> None:
    """Money of a transfer came back, by us or by somebody in Stripe's dashboard."""
    payout_id = mark(event, "payout_id", "pay")
    if payout_id:
        courier(event, runtime).find_reversals(payout_id)


def _settle_bank_payout(event: Event, runtime: Runtime) -> None:
    """A worker's bank payout has ended."""
    if not mark(event, "payout_id", "pay"):
        return
    account, bank_payout_id = event.details["account"], event.details["object_id"]
    bank = known(runtime.stripe.rail.bank_payout(account=account, bank_payout_id=bank_payout_id))
    if bank.is_paid or bank.has_failed:
        courier(event, runtime).settle(bank)


def _send_waiting(event: Event, runtime: Runtime) -> None:
    """Money has become available: what waits for it is sent, the oldest first, as far as it goes."""
    for currency, available in known(runtime.stripe.books.available()).items():
        listed = runtime.reads.every(AWAITING_FUNDS, currency)
        waiting = [payout for payout in listed if payout.awaits_funds]
        for payout in affordable(waiting, available):
            name = f"{event.details['stripe_id']}:{payout.id}"
            _commit(event, runtime, name, partial(payouts.look_after, payout.id))


Task = Callable[[Event, Runtime], None]

_OUR_OWN: dict[EventType, Task] = {
    EventType.TOP_UP_DUE: _look_for_payment,
    EventType.REFUND_REQUESTED: returns.carry_refund,
    EventType.REFUND_DUE: returns.carry_refund,
    EventType.CHARGEBACK_DUE: returns.look_at_chargeback,
    EventType.CHARGEBACK_EVIDENCE_GIVEN: returns.give_evidence,
}

_OF_OUR_ACCOUNT: dict[str, Task] = {
    "payment_intent.succeeded": _credit_payment,
    "charge.updated": _post_fee,
    "charge.refunded": returns.find_refunds,
    **dict.fromkeys(returns.OF_REFUNDS, returns.settle_refund),
    **dict.fromkeys(returns.OF_DISPUTES, returns.learn_dispute),
    **dict.fromkeys(OF_OWN_PAYOUTS, learn_own_payout),
    "transfer.created": _find_transfer,
    "transfer.reversed": _find_reversals,
    "balance.available": _send_waiting,
}

_OF_WORKERS_ACCOUNTS: dict[str, Task] = {
    "account.updated": _refresh_account,
    "payout.paid": _settle_bank_payout,
    "payout.failed": _settle_bank_payout,
    "payout.canceled": _settle_bank_payout,
}


def _commit(event: Event, runtime: Runtime, name: str, work: Callable[[Transaction], object]) -> None:
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
