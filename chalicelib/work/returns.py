"""Client money that goes back to cards: refunds that we ask for, and disputes that banks decide."""

from chalicelib.log import logger
from chalicelib.work.marks import mark
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.dispute_desk import DisputeDesk
from marketplace.funding.refund_courier import RefundCourier
from marketplace.funding.top_up import TopUp
from marketplace.runtime import Runtime
from marketplace.shared.events import Event
from marketplace.shared.ids import is_id, new_id
from marketplace.shared.outcomes import known

OF_REFUNDS = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
OF_DISPUTES = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
LIST_DISPUTES_SECONDS = 7 * 86_400
"""The daily look lists what was opened in the last week: each dispute is met several times."""


class DisputesLeft(RuntimeError):
    """Some disputes could not be looked at; the log says why."""


def carry_refund(event: Event, runtime: Runtime) -> None:
    """Asks for it, or looks how it stands."""
    _courier(event, runtime).carry(event.about[0])


def settle_refund(event: Event, runtime: Runtime) -> None:
    """A refund was made or has changed. One that is not ours, such as one made in Stripe's dashboard, is
    nobody's money here: reconciliation shows it as missing in the ledger."""
    if mark(event, "refund_id", "ref"):
        _courier(event, runtime).record(known(runtime.stripe.refunds.refund(event.details["object_id"])))


def find_refunds(event: Event, runtime: Runtime) -> None:
    """Some refund of a charge was made."""
    top_up_id = mark(event, "top_up_id", "top")
    found = runtime.store.read(TopUp, top_up_id) if top_up_id else None
    if found is None or found[0].payment_intent is None:
        return
    for refund in known(runtime.stripe.refunds.refunds_of(found[0].payment_intent)):
        if is_id(refund.refund_id, "ref"):
            _courier(event, runtime).record(refund)


def learn_dispute(event: Event, runtime: Runtime) -> None:
    """Something happened to a dispute."""
    _desk(event, runtime).learn(event.details["object_id"])


def look_at_chargeback(event: Event, runtime: Runtime) -> None:
    """Nobody has told us for a while; what the client said may still have to be handed over."""
    found = runtime.store.read(Chargeback, event.about[0])
    if found is not None:
        desk = _desk(event, runtime)
        desk.give_evidence(found[0].id)
        desk.learn(found[0].dispute)


def give_evidence(event: Event, runtime: Runtime) -> None:
    """The client has answered."""
    _desk(event, runtime).give_evidence(event.about[0])


def find_disputes(runtime: Runtime) -> int:
    """Looks at all that were opened lately, should their webhooks never come; how many those were.

    Raises DisputesLeft after the last when some could not be looked at: they are met again the next night.
    """
    request_id, since = new_id("req"), runtime.clock.now() - LIST_DISPUTES_SECONDS
    desk = DisputeDesk(runtime.store, runtime.stripe.disputes, runtime.clock, runtime.new_id, request_id)
    listed, left = known(runtime.stripe.disputes.opened_since(since)), []
    for dispute_id in listed:
        try:
            desk.learn(dispute_id)
        except Exception:  # noqa: BLE001  whatever one breaks on, the others are looked at
            logger.exception("a dispute could not be looked at", about=dispute_id)
            left.append(dispute_id)
    if left:
        raise DisputesLeft(", ".join(left))
    return len(listed)


def _courier(event: Event, runtime: Runtime) -> RefundCourier:
    return RefundCourier(runtime.store, runtime.stripe.refunds, runtime.clock, event)


def _desk(event: Event, runtime: Runtime) -> DisputeDesk:
    return DisputeDesk(
        runtime.store, runtime.stripe.disputes, runtime.clock, runtime.new_id, event.request_id, event.id
    )
