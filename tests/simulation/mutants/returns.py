"""Bugs in what goes back to cards, and in what contests contracts."""

from chalicelib import routing
from chalicelib.work import receivables
from marketplace.contracts import freezing
from marketplace.contracts.contract import Contract
from marketplace.funding import chargebacks, refunds, use_cases
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.dispute_desk import DisputeDesk
from marketplace.funding.refund import Refund
from marketplace.funding.refund_courier import RefundCourier
from marketplace.funding.top_up import TopUp
from marketplace.shared import accounts
from marketplace.shared.events import EventType
from tests.simulation.mutants import Mutant, entry, rewritten

MUTANTS = (
    Mutant(
        "every try of a refund has a key of its own",
        (
            rewritten(Refund.key, "create:{self.create.attempt}", "{self.looks}"),
            rewritten(RefundCourier._ask, "leg.must_look(now) and", "False and"),
        ),
        shown_by="refund to the card",
    ),
    Mutant(
        "a time-out gives a refund's money back",
        (rewritten(RefundCourier._answered, "isinstance(answer, Refused)", "True"),),
        shown_by="refund to the card",
    ),
    Mutant(
        "a refund that Stripe refused keeps the money",
        (rewritten(refunds.refuse_refund, "_undo(gone, tx, taken=False)", "tx.save(gone)"),),
    ),
    Mutant(
        "a refund that comes back is not booked back",
        (rewritten(Refund.towards, "state in UNDONE and not self.returned", "False"),),
        shown_by="a refund comes back",
    ),
    Mutant(
        "a refund that comes back came from where it was asked for",
        (rewritten(refunds._given_back, "taken=refund.taken", "taken=False"),),
        shown_by="a refund comes back",
    ),
    Mutant(
        "a refund is not looked at once it has succeeded",
        (rewritten(Refund.check_after, "CHECKS_AFTER_SECONDS[-1:] if", "() if"),),
        shown_by="nobody tells of a refund that came back",
    ),
    Mutant("refunds that are due reach no queue", (entry(routing._QUEUES, EventType.REFUND_DUE),)),
    Mutant(
        "a withdrawal is posted for every message about it",
        (
            rewritten(DisputeDesk._move, "(movement.balance_transaction,", "(self.caused_by,"),
            rewritten(chargebacks.withdraw_funds, "chargeback.withdrawal is not None", "False"),
            rewritten(Chargeback.withdrawn, "self.withdrawal is not None", "False"),
        ),
    ),
    Mutant(
        "a won chargeback gives the fee back",
        (rewritten(chargebacks.reinstate_funds, "= movement.amount,", "= movement.amount + 1_500,"),),
    ),
    Mutant(
        "a dispute's fee is forgotten",
        (rewritten(DisputeDesk._post_fee, "if movement.fee", "if False"),),
    ),
    Mutant(
        "a chargeback takes a running session's money",
        (rewritten(freezing.open_to, "max(0, contract.headroom)", "contract.held"),),
        shown_by="a running session keeps its money",
    ),
    Mutant(
        "a chargeback takes milestones in review",
        (rewritten(freezing.open_to, "min(funded, contract.headroom - submitted)", "contract.headroom"),),
        shown_by="what is in review is left to it, and paid",
    ),
    Mutant(
        "a frozen contract lets work begin",
        (rewritten(Contract.require_open_to_work, "self.chargebacks.frozen_by", "False"),),
        shown_by="no session begins on a frozen contract",
    ),
    Mutant(
        "what the bank gives back stays with the client",
        (rewritten(chargebacks.reinstate_funds, "min(amount, withdrawal.contested)", "0"),),
        shown_by="it is won by several contracts",
    ),
    Mutant(
        "contracts stay frozen when it is lost and settled",
        (rewritten(receivables._release_if_settled, "ChargebackStatus.LOST", "ChargebackStatus.WON"),),
    ),
    Mutant(
        "milestones that lost their money stay funded",
        (rewritten(freezing.unfrozen, "not thawed.chargebacks.short", "True"),),
        shown_by="milestones that lost their money are planned again",
    ),
    Mutant(
        "a client who owes us can spend",
        (rewritten(accounts.owed_first, "if debt not in changes", "if False"),),
        shown_by="money that comes back settles what is owed, and nothing else",
    ),
    Mutant(
        "what comes into the wallet settles nothing",
        (rewritten(receivables._settle, 'owed and balances.get("wallet", 0)', "False"),),
        shown_by="money that comes back settles what is owed, and nothing else",
    ),
    Mutant(
        "a card's fee is not looked up",
        (rewritten(TopUp.due_at, "not self.fee_known and", "False and"),),
        shown_by="nobody tells what the card cost",
    ),
    Mutant(
        "a fee that is known is looked up for ever",
        (
            rewritten(use_cases.post_charge_fee, "top_up.with_fee_known()", "top_up"),
            rewritten(TopUp.due_at, "self.checks < FEE_CHECKS_MAX", "True"),
        ),
    ),
    Mutant(
        "a chargeback is never looked at",
        (rewritten(Chargeback.rearmed, "at + LOOK_EVERY_SECONDS", "None"),),
        shown_by="nobody tells how it ended",
    ),
)
