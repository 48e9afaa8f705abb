"""What comes back to cards, as cases: refunds, chargebacks, and what clients owe after them."""

from chalicelib.work import receivables, stripe_events
from marketplace.ledger import postings
from marketplace.shared.events import EventType
from marketplace.shared.journal import Journal
from tests.bench import Deed
from tests.card_stage import DISPUTED
from tests.cases import Cases
from tests.money_stage import UNEXPLAINED, Stage
from tests.people import usd

CASES = Cases()
case = CASES.case


@case("money shall go back to the card", "funding.refunds", "request_refund")
def _(stage: Stage) -> Deed:
    body = {"top_up_id": stage.cards.top_up, "amount": usd(DISPUTED)}
    return stage.call(stage.cards.payer, "wallet/refunds", body)


@case("Stripe makes a refund", "funding.refunds", "record_refund")
def _(stage: Stage) -> Deed:
    refund = stage.cards.refund(stage.cards.top_up)
    return stage.bench.message(EventType.REFUND_REQUESTED, stripe_events.work, refund)


@case("a card's bank sends a refund back", "funding.refunds", "record_refund")
def _(stage: Stage) -> Deed:
    refund = stage.cards.refund(stage.cards.top_up)
    stage.bench.message(EventType.REFUND_REQUESTED, stripe_events.work, refund)()
    made = stage.cards.payer.get(f"wallet/refunds/{refund}")["stripe_refund"]
    stage.bench.stripe.fail_refund(made)
    return stage.bench.told_by_stripe("refund.failed", made, refund_id=refund)


@case("Stripe refuses a refund", "funding.refunds", "refuse_refund")
def _(stage: Stage) -> Deed:
    top_up, intent = stage.cards.paid(stage.cards.payer)
    refund = stage.cards.refund(top_up)
    stage.bench.stripe.dispute(intent)
    return stage.bench.message(EventType.REFUND_REQUESTED, stripe_events.work, refund)


FEE = ("funding.use_cases", "post_fee")


@case("a card's bank takes money back, and Stripe its fee", "funding.chargebacks", "withdraw_funds", FEE)
def _(stage: Stage) -> Deed:
    dispute = stage.cards.disputed(stage.cards.payer)
    return stage.bench.told_by_stripe("charge.dispute.created", dispute)


@case("a chargeback is won", "funding.chargebacks", "reinstate_funds")
def _(stage: Stage) -> Deed:
    dispute = stage.cards.disputed(stage.cards.payer)
    stage.cards.told("created", dispute)
    stage.bench.stripe.settle_dispute(dispute, won=True)
    return stage.bench.told_by_stripe("charge.dispute.closed", dispute)


@case("money goes to our own bank", "treasury.own_payouts", "book_own_line")
def _(stage: Stage) -> Deed:
    return stage.bench.told_by_stripe("payout.created", stage.cards.to_our_bank())


@case("an instant payout to our own bank costs a fee", "treasury.own_payouts", "book_fee_of_own_line")
def _(stage: Stage) -> Deed:
    return stage.bench.told_by_stripe("payout.created", stage.cards.to_our_bank("instant"))


@case("a hold with a client's fee pays a chargeback", "funding.contested_holds", "take_hold")
def _(stage: Stage) -> Deed:
    chargeback = stage.cards.chargeback(stage.cards.owed("taken"))
    return stage.bench.message(EventType.CHARGEBACK_WITHDRAWN, receivables.work, chargeback)


@case("a hold comes back", "funding.contested_holds", "release_hold")
def _(stage: Stage) -> Deed:
    dispute = stage.cards.owed("given back")
    chargeback = stage.cards.chargeback(dispute)
    stage.bench.message(EventType.CHARGEBACK_WITHDRAWN, receivables.work, chargeback)()
    stage.cards.settled(dispute, won=True)
    return stage.bench.message(EventType.CHARGEBACK_REINSTATED, receivables.work, chargeback)


@case("a debt is written off", "funding.receivables", "write_off")
def _(stage: Stage) -> Deed:
    dispute = stage.cards.owed("written off")
    stage.cards.settled(dispute, won=False)
    path = f"finance/chargebacks/{stage.cards.chargeback(dispute)}/write-off"
    return stage.call(stage.finance, path, UNEXPLAINED)


@case("what comes into the wallet pays a debt", "funding.receivables", "settle_receivable")
def _(stage: Stage) -> Deed:
    client, contract = stage.cards.debtors["settled"], stage.cards.contracts["settled"]
    _, intent = stage.cards.paid(client)
    planned = {"title": "More", "amount": usd(DISPUTED)}
    path = f"contracts/{contract}/milestones/{client.post(f'contracts/{contract}/milestones', planned)['id']}"
    client.post(f"{path}/fund")
    stage.cards.told("created", str(stage.bench.stripe.dispute(intent)["id"]))
    client.post(f"{path}/cancel")
    returned = postings.returned(client.id, contract, DISPUTED)
    journal = Journal("jrn", "USD", stage.bench.now, "a milestone's money", returned)
    return stage.bench.message(EventType.MILESTONE_CANCELLED, receivables.work, contract, journal=journal)
