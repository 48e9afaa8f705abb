"""Bugs on the way through Stripe, and in what is heard from there."""

from chalicelib import routing
from chalicelib.work import own_payouts, stripe_events
from marketplace.funding.top_up import TopUp
from marketplace.ledger import postings
from marketplace.payouts import use_cases, withdrawal
from marketplace.payouts.asking import Asking
from marketplace.payouts.courier import Courier
from marketplace.payouts.payout import Payout
from marketplace.reconciliation import suspense
from marketplace.shared.events import EventType
from marketplace.shared.leg import Leg
from tests.simulation.mutants import Mutant, entry, rewritten

KEY = 'key=f"{payout.id}:{%s}:{leg.attempt}"'

MUTANTS = (
    Mutant(
        "every try of a transfer has a key of its own",
        (
            rewritten(Courier._transfer, KEY % "TRANSFER", 'key=f"{payout.id}:{self.trigger.id}:{sent_at}"'),
            rewritten(Leg.must_look, "self.lost_at is not None or", ""),
        ),
    ),
    Mutant(
        "every try at the bank has a key of its own",
        (
            rewritten(
                Courier._ask_bank, KEY % "PAYOUT", 'key=f"{payout.id}:{self.trigger.id}:{self.clock.now()}"'
            ),
            rewritten(Leg.must_look, "self.lost_at is not None or", ""),
        ),
    ),
    Mutant(
        "a time-out gives the money back",
        (
            rewritten(
                Payout.transfer_answered,
                "self._lost(transfer=self.transfer.lost(at, spent=answer.replayed))",
                "self._failed(Failure(Stage.TRANSFER, answer.code, answer.message), at)",
            ),
        ),
    ),
    Mutant(
        "an unknown outcome raises the attempt",
        (
            rewritten(
                Payout.transfer_answered,
                "self._lost(transfer=self.transfer.lost(at, spent=answer.replayed))",
                "self._waiting(at, transfer=self.transfer.planned_again(at))",
            ),
        ),
    ),
    Mutant(
        "an unknown outcome at the bank raises the attempt",
        (
            rewritten(
                Payout.bank_answered,
                "self._lost(bank=self.bank.lost(at, spent=answer.replayed))",
                "self._waiting(at, bank=self.bank.planned_again(at))",
            ),
        ),
    ),
    Mutant(
        "a miss counts at once, not after ten minutes",
        (rewritten(Asking.asked, "now < leg.miss_conclusive_at", "False"),),
    ),
    Mutant(
        "what was lost is sent again without a look",
        (rewritten(Leg.must_look, "return self.lost_at is not None or", "return False and"),),
    ),
    Mutant(
        "a key that repeats an error is kept",
        (rewritten(Asking.asked, "if leg.spent", "if False"),),
    ),
    Mutant(
        "a refused transfer keeps the money",
        (rewritten(use_cases.record_transfer, "elif recorded.status == PayoutStatus.FAILED", "elif False"),),
    ),
    Mutant(
        "a payout request moves no money",
        (
            rewritten(
                withdrawal.withdraw,
                'tx.post(currency, "payout requested", moved)',
                "pass",
            ),
        ),
    ),
    Mutant(
        "money returned by the bank is not booked back",
        (
            rewritten(
                use_cases.settle_bank_payout, "late = payout.status == PayoutStatus.PAID", "late = False"
            ),
        ),
    ),
    Mutant(
        "a payout's clock stops at its first look",
        (rewritten(Payout.looked_after, "sweep_at=at + pause", "sweep_at=None"),),
    ),
    Mutant(
        "a sent payout is never looked after",
        (rewritten(Payout._sent, "sweep_at=bank.arrives_at + ARRIVAL_GRACE_SECONDS", "sweep_at=None"),),
    ),
    Mutant("payouts that are due reach no queue", (entry(routing._QUEUES, EventType.PAYOUT_DUE),)),
    Mutant("Stripe's events reach no queue", (entry(routing._QUEUES, EventType.STRIPE_EVENT_RECEIVED),)),
    Mutant(
        "a fee is posted for every message about it",
        (rewritten(stripe_events._post_fee_of, "{fee.balance_transaction}:fee", "{event.id}:fee"),),
    ),
    Mutant(
        "a payout to our own bank is booked for every message about it",
        (rewritten(own_payouts._Desk._commit, "{subject}:{step}", "{subject}:{step}:{self.caused_by}"),),
    ),
    Mutant(
        "what our own bank returns leaves once more",
        (
            rewritten(
                postings.own_bank_payout,
                "debit=accounts.STRIPE, credit=accounts.BANK",
                "debit=accounts.BANK, credit=accounts.STRIPE",
            ),
        ),
    ),
    Mutant(
        "the fee for a payout to our own bank is forgotten",
        (rewritten(own_payouts._Desk.book, "if line.fee:", "if False:"),),
    ),
    Mutant(
        "a payout to our own bank stays in suspense when it is booked",
        (rewritten(own_payouts._Desk._out_of_suspense, "journal is not None", "False"),),
        shown_by="what was in suspense was a payout to our own bank",
    ),
    Mutant(
        "payouts to our own bank that nobody told of are not looked for",
        (rewritten(own_payouts.find_own_payouts, "for line in lines", "for line in ()"),),
        shown_by="nobody tells of our own payouts",
    ),
    Mutant(
        "a top-up that was refused, expired or never heard of is not credited",
        (rewritten(stripe_events._credit, "not payment.succeeded", "True"),),
    ),
    Mutant(
        "a top-up never expires", (rewritten(TopUp.due_at, "self.status == TopUpStatus.REQUESTED", "False"),)
    ),
    Mutant(
        "an unpaid top-up is not looked up",
        (rewritten(TopUp.due_at, "self.checks < len(CHECKS_AFTER_SECONDS)", "False"),),
        shown_by="nobody tells that the card has paid",
    ),
    Mutant(
        "what two reconciliations find is in suspense twice",
        (
            rewritten(
                suspense.book_to_suspense, "earlier is not None and earlier.journal is not None", "False"
            ),
        ),
        shown_by="what nobody can explain is booked to suspense",
    ),
    Mutant(
        "what was in suspense is taken back again",
        (rewritten(suspense.reverse_suspense, "entry.journal != command.journal_id", "False"),),
        shown_by="it is taken back, and booked anew",
    ),
)
