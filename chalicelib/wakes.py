"""What a timer does, by the kind of aggregate whose clock ran out."""

from collections.abc import Callable
from typing import Any

from chalicelib.work.bids import FILLED_GRACE_SECONDS
from marketplace.bidding.use_cases import wake_bid
from marketplace.closing.use_cases import sum_up_period
from marketplace.compliance.document import wake_document
from marketplace.compliance.exams import wake_attempt
from marketplace.compliance.qualifications import wake_holding
from marketplace.compliance.screening import wake_screening
from marketplace.contracts.endings import wake_contract
from marketplace.disputes.use_cases import take_up_session, wake_dispute
from marketplace.exports.use_cases import wake_file
from marketplace.funding.chargebacks import wake_chargeback
from marketplace.funding.refunds import wake_refund
from marketplace.funding.use_cases import wake_top_up
from marketplace.metering.use_cases import wake_session
from marketplace.notifications.use_cases import wake_delivery
from marketplace.outcomes.use_cases import wake_outcome
from marketplace.payouts.scheduling import wake_schedule
from marketplace.payouts.use_cases import wake_payout
from marketplace.people.copying import wake_export
from marketplace.people.forgetting import wake_erasure
from marketplace.people.payout_account import wake_payout_account
from marketplace.reputation.use_cases import wake_rating
from marketplace.results.use_cases import wake_result
from marketplace.shared.transaction import Transaction

Wake = Callable[[str, Transaction], Any]


def _wake_bid(identifier: str, tx: Transaction) -> None:
    """One that learns only now that its task is filled ends when the last offer cannot come to nothing any
    more, as the others do."""
    wake_bid(identifier, tx.now + FILLED_GRACE_SECONDS, tx)


def _wake_session(identifier: str, tx: Transaction) -> None:
    """One of the two looks after it: its end and review, or the rest that its client has disputed."""
    wake_session(identifier, tx)
    take_up_session(identifier, tx)


def _sum_up_period(identifier: str, tx: Transaction) -> None:
    """With the ledger's own totals, which few functions need."""
    from marketplace.storage.period_findings import totals_before

    sum_up_period(identifier, totals_before, tx)


WAKES: dict[str, Wake] = {
    "att": wake_attempt,
    "bid": _wake_bid,
    "con": wake_contract,
    "exp": wake_export,
    "ers": wake_erasure,
    "chb": wake_chargeback,
    "doc": wake_document,
    "hol": wake_holding,
    "pay": wake_payout,
    "poa": wake_payout_account,
    "ref": wake_refund,
    "res": wake_result,
    "dis": wake_dispute,
    "fex": wake_file,
    "out": wake_outcome,
    "prd": _sum_up_period,
    "scr": wake_screening,
    "ses": _wake_session,
    "rat": wake_rating,
    "top": wake_top_up,
    "psc": wake_schedule,
    "dlv": wake_delivery,
}
