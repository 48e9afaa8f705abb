"""Bugs in what is fetched back from Stripe, in instant payouts, in what is looked at without being told, and
in what adds up to too much."""

from chalicelib.work import payouts as payout_work
from marketplace.payouts import reversing, scheduling, use_cases, withdrawal
from marketplace.payouts.courier import Courier
from marketplace.payouts.fetcher import Fetcher
from marketplace.payouts.payout import Payout
from marketplace.payouts.payout_facts import PayoutFacts
from marketplace.payouts.rules import PayoutRules
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.leg import Leg
from tests.simulation.mutants import Mutant, rewritten

KEY = 'key=f"{payout.id}:{REVERSAL}:{leg.attempt}"'

MUTANTS = (
    Mutant(
        "a reversal is posted for every message about it",
        (rewritten(Fetcher._record, '"reversed", reversal.id)', '"reversed", self.trigger.id)'),),
    ),
    Mutant(
        "a reversal takes what is not at Stripe any more",
        (rewritten(reversing._shares, "if payout.certainly_at_stripe else 0", ""),),
    ),
    Mutant(
        "a reversal takes only the money of its own payout",
        (rewritten(payout_work.courier, "runtime.reads.every(WORKER_MONEY_AWAY, worker_id)", "()"),),
    ),
    Mutant(
        "every try of a reversal has a key of its own",
        (
            rewritten(Fetcher.fetch, KEY, 'key=f"{payout.id}:{self.trigger.id}:{sent_at}"'),
            rewritten(Leg.must_look, "self.lost_at is not None or", ""),
        ),
    ),
    Mutant(
        "what was fetched back goes to the bank as well",
        (rewritten(Courier._ask_bank, "amount=payout.left", "amount=payout.amount"),),
    ),
    Mutant(
        "what comes back settles no debt",
        (rewritten(reversing.record_reversal, "settled=settled, unexplained", "settled=0, unexplained"),),
    ),
    Mutant(
        "one person has money fetched back",
        (rewritten(reversing.reverse_payout, "parked=clearance.lacks_approval", "parked=False"),),
    ),
    Mutant(
        "nobody looks whether money was fetched back",
        (
            rewritten(Courier._after_the_bank, "self._fetcher.find(now)", "pass"),
            rewritten(Courier._look_back, "self._fetcher.find(payout)", "pass"),
        ),
    ),
    Mutant(
        "what was sent is in transit as well",
        (rewritten(PayoutFacts.in_transit, "and self.transfer.stripe_id is None", ""),),
    ),
    Mutant(
        "what a refused payout held counts as withdrawn for ever",
        (rewritten(withdrawal.undo, "-amount.amount)", "0)"),),
    ),
    Mutant(
        "a fee of Stripe's for an instant payout is forgotten",
        (rewritten(Courier._post_instant_fees, "known(self.rail.instant_fees(bank_payout_id))", "()"),),
    ),
    Mutant(
        "a fee that Stripe gives back for an instant payout is forgotten",
        (
            rewritten(
                Courier._post_instant_fees,
                "instant_fees(bank_payout_id))",
                "instant_fees(bank_payout_id))[:1]",
            ),
        ),
    ),
    Mutant(
        "a fee of Stripe's for an instant payout, or what it gives back, is booked at every look",
        (rewritten(Courier._post_instant_fees, '"fee",', '"fee", self.trigger.id,'),),
    ),
    Mutant(
        "a fee is kept for what does not go instantly",
        (rewritten(use_cases._fee_returned, "before.goes_instantly == after.goes_instantly", "True"),),
    ),
    Mutant(
        "a bank that returns money late is not believed",
        (
            rewritten(
                use_cases.settle_bank_payout,
                "bank.has_failed and payout.status in (PayoutStatus.SENT, PayoutStatus.PAID)",
                "bank.has_failed and payout.status == PayoutStatus.SENT",
            ),
        ),
    ),
    Mutant(
        "what was paid is never looked at again",
        (rewritten(Payout.paid, "at + RETURNED_WITHIN_SECONDS", "None"),),
    ),
    Mutant(
        "an account that is not ready waits to be told",
        (rewritten(PayoutAccount.looked_at, "if missing", "if False"),),
    ),
    Mutant(
        "a schedule pays out what was earned since it came due",
        (rewritten(scheduling.pay_out_scheduled, "min(asked.amount, command.due.amount)", "asked.amount"),),
    ),
    Mutant(
        "parts of a large payout are small",
        (rewritten(PayoutRules.lately, "not self.watches(currency)", "True"),),
    ),
)
