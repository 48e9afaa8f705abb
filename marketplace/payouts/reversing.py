"""What happens when money that waits at Stripe is fetched back, by us or in Stripe's dashboard.

Stripe takes it out of all that the worker's account there holds, so it may be another payout's money that is
gone: what has failed at the bank, or is parked before it, pays for it, the reversed payout itself first. What
nobody's money explains an hour later, when nothing of that worker's is under way, is in suspense, with an
alarm.
"""

from collections.abc import Iterable, Iterator

from marketplace.ledger import postings
from marketplace.payouts.deciding import payout_for
from marketplace.payouts.payout import Payout
from marketplace.payouts.ports import TransferReversal
from marketplace.payouts.reversals import Reversals, Reversed
from marketplace.payouts.states import Failure, PayoutStatus, Stage
from marketplace.payouts.timing import EXPLAINED_WITHIN_SECONDS, SWEEP_SECONDS
from marketplace.payouts.withdrawal import OWED
from marketplace.shared.accounts import WITHDRAWN, worker_owner
from marketplace.shared.errors import CurrencyMismatch, Fault, IllegalTransition, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Refused, Unknown
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


class WhoseIsNotKnown(LookupError):
    """What was fetched back is more than certainly waits at Stripe, and something is still under way there:
    the message is tried again."""


@dataclass(frozen=True)
class ReversePayout:
    """Without an amount: all of it that is at Stripe. `identity_id` is that of the person who wants it."""

    payout_id: str
    identity_id: str
    amount: Money | None
    reason: str


def reverse_payout(command: ReversePayout, tx: Transaction) -> Payout:
    """The acting person wants the money back from Stripe; where two have to approve, they are the first.

    Raises NotFound, IllegalTransition unless it waits at Stripe, CurrencyMismatch, InvalidRequest for more
    than is there, Forbidden for the payout's own worker.
    """
    payout = payout_for(command.identity_id, command.payout_id, tx)
    if not payout.waits_at_stripe:
        raise IllegalTransition("only what failed at the bank, and waits at Stripe, can be fetched back")
    amount = command.amount or payout.left
    if amount.currency != payout.amount.currency:
        raise CurrencyMismatch((Fault("/amount/currency", f"must be {payout.amount.currency}"),))
    if amount.amount > payout.at_stripe:
        raise InvalidRequest.at("/amount/amount", f"must be at most the {payout.at_stripe} at Stripe")
    clearance = payout.clearance.asked_anew(tx.cause.actor, tx.now)
    reversals = (payout.reversals or Reversals()).asked_for(amount.amount)
    asked = replace(payout, clearance=clearance, reversals=reversals)
    planned = asked.fetching(reversals.next_leg(tx.now, parked=clearance.lacks_approval))
    return _saved(planned, EventType.PAYOUT_REVERSAL_ASKED, tx, reason=command.reason)


def drop_reversal(payout_id: str, tx: Transaction) -> Payout:
    """It is not fetched back after all. Raises NotFound, IllegalTransition when it may have been."""
    payout = tx.get(Payout, payout_id)
    if payout.reversals is None or payout.reversal is None or not payout.reversal.parked:
        raise IllegalTransition("its reversal may be under way")
    stays = payout.waiting_at_stripe(tx.now, payout.reversals.over())
    return _saved(stays, EventType.PAYOUT_REVERSAL_DROPPED, tx)


def record_unreversed(
    payout_id: str, attempt: int, answer: Refused | Unknown, at: int, tx: Transaction
) -> Payout | None:
    """Nothing came of `attempt`, asked at `at`, or nobody knows what; None when that is written down already.
    Raises NotFound."""
    payout = tx.get(Payout, payout_id)
    leg = payout.reversal
    if payout.reversals is None or leg is None or leg.attempt != attempt:
        return None
    if isinstance(answer, Unknown):
        lost = payout.fetching(leg.lost(at, spent=answer.replayed))
        return _saved(lost, EventType.PAYOUT_REVERSAL_UNKNOWN, tx)
    refusal = Failure(Stage.BANK, answer.code, answer.message)
    stays = payout.waiting_at_stripe(tx.now, payout.reversals.over(refusal))
    return _saved(stays, EventType.PAYOUT_REVERSAL_REFUSED, tx, code=answer.code)


def record_reversal(
    payout_id: str, reversal: TransferReversal, beside: Iterable[str], tx: Transaction
) -> Payout:
    """The reversal's one journal, whoever made it and whoever tells of it first; `beside` are ids of other
    payouts of that worker. Raises NotFound, WhoseIsNotKnown."""
    payout = tx.get(Payout, payout_id)
    currency, worker = payout.amount.currency, payout.worker_id
    others = [tx.get(Payout, other) for other in sorted(set(beside) - {payout_id})]
    found = [payout, *(other for other in others if other.amount.currency == currency)]
    shares = list(_shares(reversal.amount, found))
    taken = sum(amount for _, amount in shares)
    unexplained = reversal.amount - taken
    unsettled = any(other.at_stripe and not other.certainly_at_stripe for other in found)
    if unexplained and (unsettled or tx.now < reversal.created_at + EXPLAINED_WITHIN_SECONDS):
        raise WhoseIsNotKnown(reversal.id)
    owed = tx.store.balances(worker_owner(worker)).get(currency, {}).get(OWED, 0)
    settled = min(owed, taken)
    _take(payout, reversal, shares, settled, tx)
    if taken:
        tx.expect(worker_owner(worker), currency, OWED, owed)
        tx.tally(worker_owner(worker), currency, WITHDRAWN, -taken)
    moved = postings.transfer_reversed(worker, taken, settled=settled, unexplained=unexplained)
    tx.post(currency, "transfer reversed", moved, references=(reversal.id, payout.transfer.stripe_id or ""))
    about = (payout.id, *(other.id for other, _ in shares), worker, reversal.id)
    tx.publish(EventType.PAYOUT_REVERSED, about=about, unexplained=unexplained)
    return tx.get(Payout, payout_id)


def _take(
    payout: Payout,
    reversal: TransferReversal,
    shares: Iterable[tuple[Payout, int]],
    settled: int,
    tx: Transaction,
) -> None:
    """Each of those whose money it was, and the payout itself, which may have asked for it."""
    rest = settled
    for other, amount in shares:
        part = min(rest, amount)
        rest -= part
        tx.save(_without(other, Reversed(reversal.id, amount, tx.now, part or None), tx.now))
    asker = tx.get(Payout, payout.id)
    leg = asker.reversal
    if asker.reversals is not None and leg is not None and leg.attempt == reversal.attempt:
        tx.save(asker.waiting_at_stripe(tx.now, asker.reversals.over()))


def _without(payout: Payout, reversed_: Reversed, at: int) -> Payout:
    """What is left of it; all of one that waits to be tried again ends it."""
    reversals = payout.reversals or Reversals()
    taken = replace(reversals, done=(*reversals.done, reversed_))
    if payout.status == PayoutStatus.FAILED and taken.leg is not None:
        return replace(payout, reversals=taken)
    if payout.status == PayoutStatus.FAILED:
        return payout.waiting_at_stripe(at, taken)
    less = replace(payout, reversals=taken)
    return less.postponed(at + SWEEP_SECONDS) if less.at_stripe else less.fetched_back(at)


def _shares(amount: int, payouts: Iterable[Payout]) -> Iterator[tuple[Payout, int]]:
    """Whose money it was, the first ones first."""
    for payout in payouts:
        share = min(amount, payout.at_stripe) if payout.certainly_at_stripe else 0
        if share:
            amount -= share
            yield payout, share


def _saved(payout: Payout, event_type: EventType, tx: Transaction, **details: str) -> Payout:
    tx.save(payout)
    tx.publish(event_type, about=(payout.id, payout.worker_id, payout.transfer.stripe_id or ""), **details)
    return payout
