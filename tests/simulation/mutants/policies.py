"""Bugs in work that is paid by the result, in what keeps payouts, and in schedules."""

from chalicelib.work import payouts as payout_work
from marketplace.contracts import paying
from marketplace.payouts import deciding, rules, scheduling, withdrawal
from marketplace.payouts.clearance import Clearance
from marketplace.payouts.payout import Payout
from marketplace.results import agreement, answering, hold, use_cases
from marketplace.results.gold import GoldItem
from marketplace.results.result import TRANSITIONS, Result, ResultStatus
from tests.simulation.mutants import Mutant, entry, holding, rewritten

MUTANTS = (
    Mutant(
        "an accepted result can be accepted again",
        (entry(TRANSITIONS, (ResultStatus.ACCEPTED, "accept"), ResultStatus.ACCEPTED),),
    ),
    Mutant(
        "an accepted result can be reversed again",
        (entry(TRANSITIONS, (ResultStatus.REVERSED, "reverse"), ResultStatus.REVERSED),),
    ),
    Mutant(
        "a result is not covered",
        (rewritten(hold.reserved, "with_reserved(price.amount)", "with_reserved(0)"),),
    ),
    Mutant(
        "a rejected result stays covered",
        (rewritten(hold.given_back, "with_reserved(-unit_price(contract).amount)", "with_reserved(0)"),),
    ),
    Mutant(
        "a contract takes any number of results",
        (rewritten(hold.reserved, "places_left(contract) < 1", "False"),),
    ),
    Mutant(
        "a result's timer does not look at its clock",
        (rewritten(use_cases.wake_result, "tx.due(", "tx.find("),),
    ),
    Mutant(
        "a result is rejected after silence has accepted it",
        (rewritten(Result.rejected, "self.in_review and at >= self.review_ends_at", "False"),),
    ),
    Mutant(
        "an acceptance can be reversed for ever",
        (rewritten(Result.reversed, "self.reversible_until is not None and at >=", "False and at >="),),
    ),
    Mutant(
        "a reversal leaves the fee with us",
        (rewritten(paying.book_reversal, "fee=pay.fee", "fee=0"),),
    ),
    Mutant(
        "a reversal takes the fee from the worker",
        (
            rewritten(
                paying.book_reversal,
                "share.amount - available[share.worker_id] for share in pay.shares}",
                "share.amount + pay.fee - available[share.worker_id] for share in pay.shares}\n"
                "    pay = Pay(0, pay.shares)",
            ),
        ),
    ),
    Mutant(
        "a reversal makes a debt of what is there",
        (rewritten(paying.book_reversal, "min(share.amount, there[share.worker_id])", "0"),),
    ),
    Mutant(
        "a reversal makes a debt of what comes meanwhile",
        (rewritten(paying.book_reversal, "if amount)", "if False)"),),
        shown_by="a worker is paid as a result is taken back",
    ),
    Mutant(
        "what waits is still told when it is answered",
        (rewritten(answering.pay_result, "tally_in_review(result, contract, -1, tx)", "pass"),),
    ),
    Mutant("any answer is the known one", (rewritten(GoldItem.matches, "answer == self.expected", "True"),)),
    Mutant("one vote is agreement", (rewritten(agreement.agreed, "ranked[0][1] >= workers", "True"),)),
    Mutant(
        "a hold is not waited for",
        (rewritten(Clearance.holds, "self.held_until is not None and", "False and"),),
    ),
    Mutant("one approval is enough", (holding(rules, "APPROVALS_NEEDED", 1),)),
    Mutant("one person approves twice", (rewritten(Clearance.approved, "if any(", "if False and any("),)),
    Mutant(
        "a worker approves what goes to them",
        (rewritten(deciding.payout_for, "person is not None and", "False and"),),
    ),
    Mutant(
        "what is tried again needs no approval any more",
        (rewritten(Clearance.asked_anew, "not self.approvals_needed", "True"),),
    ),
    Mutant(
        "a payout is cancelled while a send may be under way",
        (rewritten(Payout.cancelled, "not self.transfer.parked", "False"),),
    ),
    Mutant(
        "a cancelled payout keeps what it has recovered",
        (rewritten(withdrawal.undo, "recovered=payout.recovered", "recovered=0"),),
    ),
    Mutant(
        "a schedule pays out for every message",
        (
            rewritten(
                payout_work._pay_out,
                "(worker_id, str(event.at), currency)",
                '(worker_id, runtime.new_id("evt"), currency)',
            ),
        ),
    ),
    Mutant(
        "a schedule does not look at its clock",
        (rewritten(scheduling.wake_schedule, "tx.due(", "tx.find("),),
    ),
)
