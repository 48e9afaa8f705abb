"""What each moment of the money's flow debits and credits. Amounts are minor units."""

from collections.abc import Mapping

from marketplace.shared import accounts
from marketplace.shared.journal import Posting

Postings = tuple[Posting, ...]
Nets = Mapping[str, int]
"""Worker to minor units."""
BONUS = "bonus"
"""How a bonus's journal is described."""


def _grown(liability: str, amount: int) -> Posting:
    """A liability or income that grows by `amount`, or shrinks."""
    return Posting(liability, credit=amount) if amount >= 0 else Posting(liability, debit=-amount)


def _earned(nets: Nets, fee: int) -> Postings:
    workers = (Posting(accounts.available(worker), credit=net) for worker, net in nets.items())
    return *workers, Posting(accounts.FEES, credit=fee)


def _moved(amount: int, *, debit: str, credit: str) -> Postings:
    return Posting(debit, debit=amount), Posting(credit, credit=amount)


def card_charged(client_id: str, *, gross: int, receivable: int) -> Postings:
    """A top-up's money arrived: it settles what the client owes first, the rest is theirs to spend."""
    settled = min(gross, receivable)
    return (
        Posting(accounts.STRIPE, debit=gross),
        Posting(accounts.receivable(client_id), credit=settled),
        Posting(accounts.wallet(client_id), credit=gross - settled),
    )


def stripe_fee(amount: int) -> Postings:
    """What Stripe kept of a charge or asked for a payout; below zero, what it gave back."""
    if amount < 0:
        return _moved(-amount, debit=accounts.STRIPE, credit=accounts.STRIPE_FEES)
    return _moved(amount, debit=accounts.STRIPE_FEES, credit=accounts.STRIPE)


def funded(client_id: str, contract_id: str, amount: int) -> Postings:
    """Client money is reserved for a contract."""
    return _moved(amount, debit=accounts.wallet(client_id), credit=accounts.hold(contract_id))


def returned(client_id: str, contract_id: str, amount: int) -> Postings:
    """What a contract does not need goes back."""
    return _moved(amount, debit=accounts.hold(contract_id), credit=accounts.wallet(client_id))


def released(contract_id: str, nets: Nets, *, fee: int) -> Postings:
    """Approved work is paid out of the hold: each worker's net, and our fee."""
    return (Posting(accounts.hold(contract_id), debit=sum(nets.values()) + fee), *_earned(nets, fee))


def taken_back(contract_id: str, *, available: Nets, owed: Nets, fee: int) -> Postings:
    """Pay that should not have been comes back into the hold: out of what each worker has available, the rest
    as a debt, and our fee."""
    return (
        *(Posting(accounts.available(worker), debit=amount) for worker, amount in available.items()),
        *(Posting(accounts.owed(worker), debit=amount) for worker, amount in owed.items()),
        Posting(accounts.FEES, debit=fee),
        Posting(accounts.hold(contract_id), credit=sum(available.values()) + sum(owed.values()) + fee),
    )


def bonus(client_id: str, nets: Nets, *, fee: int) -> Postings:
    """A bonus comes straight out of the wallet."""
    return (Posting(accounts.wallet(client_id), debit=sum(nets.values()) + fee), *_earned(nets, fee))


def client_fee(client_id: str, contract_id: str, *, held: int, earned: int) -> Postings:
    """So much more of the client's fee is reserved out of the wallet, and so much more of it is ours; what is
    negative goes back."""
    return (
        _grown(accounts.wallet(client_id), -(held + earned)),
        _grown(accounts.client_fee(contract_id), held),
        _grown(accounts.FEES, earned),
    )


def payout_requested(worker_id: str, amount: int, *, recovered: int = 0, fee: int = 0) -> Postings:
    """Money on its way out cannot be withdrawn twice; `recovered` of it settles what the worker owes, `fee`
    is what they pay us for an instant payout."""
    return (
        Posting(accounts.available(worker_id), debit=amount + recovered + fee),
        Posting(accounts.in_transit(worker_id), credit=amount),
        Posting(accounts.owed(worker_id), credit=recovered),
        Posting(accounts.FEES, credit=fee),
    )


def instant_fee_returned(worker_id: str, fee: int) -> Postings:
    """It was not instant after all."""
    return _moved(fee, debit=accounts.FEES, credit=accounts.available(worker_id))


def transfer_confirmed(worker_id: str, amount: int) -> Postings:
    """The money is in the worker's Stripe account."""
    return (
        *_moved(amount, debit=accounts.in_transit(worker_id), credit=accounts.at_stripe(worker_id)),
        *_moved(amount, debit=accounts.CONNECTED, credit=accounts.STRIPE),
    )


def payout_undone(worker_id: str, amount: int, *, recovered: int = 0, fee: int = 0) -> Postings:
    """Nothing was sent and nothing will be: all is as before the payout was asked for."""
    return (
        Posting(accounts.in_transit(worker_id), debit=amount),
        Posting(accounts.owed(worker_id), debit=recovered),
        Posting(accounts.FEES, debit=fee),
        Posting(accounts.available(worker_id), credit=amount + recovered + fee),
    )


def transfer_reversed(worker_id: str, taken: int, *, settled: int, unexplained: int = 0) -> Postings:
    """Money that waited at Stripe is ours to keep for the worker again: it settles what they owe, the rest is
    available. What nobody's money there explains is in suspense."""
    return (
        Posting(accounts.STRIPE, debit=taken + unexplained),
        Posting(accounts.at_stripe(worker_id), debit=taken),
        Posting(accounts.CONNECTED, credit=taken),
        Posting(accounts.owed(worker_id), credit=settled),
        Posting(accounts.available(worker_id), credit=taken - settled),
        Posting(accounts.SUSPENSE, credit=unexplained),
    )


def suspended(change: int) -> Postings:
    """Stripe moved money that nobody can explain, into our balance there (above zero) or out of it."""
    if change > 0:
        return _moved(change, debit=accounts.STRIPE, credit=accounts.SUSPENSE)
    return _moved(-change, debit=accounts.SUSPENSE, credit=accounts.STRIPE)


def suspense_reversed(change: int) -> Postings:
    """It is explained: what explains it is posted by its own event."""
    return suspended(-change)


def bank_payout_paid(worker_id: str, amount: int) -> Postings:
    """The bank line arrived."""
    return _moved(amount, debit=accounts.at_stripe(worker_id), credit=accounts.CONNECTED)


def bank_payout_failed_late(worker_id: str, amount: int) -> Postings:
    """A bank line that had been paid came back: the money waits at Stripe."""
    return _moved(amount, debit=accounts.CONNECTED, credit=accounts.at_stripe(worker_id))


def own_bank_payout(change: int) -> Postings:
    """Our own money leaves our balance at Stripe for our bank (below zero), or comes back (above)."""
    if change > 0:
        return _moved(change, debit=accounts.STRIPE, credit=accounts.BANK)
    return _moved(-change, debit=accounts.BANK, credit=accounts.STRIPE)


def refund_asked(client_id: str, amount: int) -> Postings:
    """Unspent money is on its way to the card: it cannot be spent any more."""
    return _moved(amount, debit=accounts.wallet(client_id), credit=accounts.refunding(client_id))


def refund_taken(client_id: str, amount: int) -> Postings:
    """Stripe took it out of our balance."""
    return _moved(amount, debit=accounts.refunding(client_id), credit=accounts.STRIPE)


def refund_undone(client_id: str, amount: int, *, taken: bool) -> Postings:
    """The card does not get it: it is the client's to spend again. `taken`: Stripe gives it back."""
    source = accounts.STRIPE if taken else accounts.refunding(client_id)
    return _moved(amount, debit=source, credit=accounts.wallet(client_id))


def charged_back(client_id: str, *, wallet: int, receivable: int) -> Postings:
    """The card's bank took money back: out of the wallet, and what is not there the client owes."""
    return (
        Posting(accounts.wallet(client_id), debit=wallet),
        Posting(accounts.receivable(client_id), debit=receivable),
        Posting(accounts.STRIPE, credit=wallet + receivable),
    )


def hold_charged_back(client_id: str, contract_id: str, amount: int) -> Postings:
    """What a contract holds and nobody has earned pays what its client owes."""
    return _moved(amount, debit=accounts.hold(contract_id), credit=accounts.receivable(client_id))


def reinstated(client_id: str, *, holds: int, receivable: int, losses: int, wallet: int) -> Postings:
    """The bank gave money back: to where it had come from."""
    return (
        Posting(accounts.STRIPE, debit=holds + receivable + losses + wallet),
        Posting(accounts.reinstated(client_id), credit=holds),
        Posting(accounts.receivable(client_id), credit=receivable),
        Posting(accounts.LOSSES, credit=losses),
        Posting(accounts.wallet(client_id), credit=wallet),
    )


def given_back(client_id: str, contract_id: str, *, hold: int, wallet: int) -> Postings:
    """What the bank gave back is held again, or is the client's where the contract needs it no more."""
    return (
        Posting(accounts.reinstated(client_id), debit=hold + wallet),
        Posting(accounts.hold(contract_id), credit=hold),
        Posting(accounts.wallet(client_id), credit=wallet),
    )


def receivable_settled(client_id: str, amount: int) -> Postings:
    """What came into the wallet pays what its owner owes."""
    return _moved(amount, debit=accounts.wallet(client_id), credit=accounts.receivable(client_id))


def written_off(client_id: str, amount: int) -> Postings:
    """The client will not pay."""
    return _moved(amount, debit=accounts.LOSSES, credit=accounts.receivable(client_id))
