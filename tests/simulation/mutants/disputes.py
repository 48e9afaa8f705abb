"""Bugs in disputes, scorecards and bonuses."""

from marketplace.contracts import contest, endings, milestone
from marketplace.disputes import dispute as disputes
from marketplace.disputes import use_cases
from marketplace.disputes.dispute import Dispute, DisputeStatus
from marketplace.metering import session as sessions
from marketplace.metering.session import Session, SessionStatus
from marketplace.outcomes import use_cases as outcomes
from marketplace.outcomes.outcome import Outcome
from marketplace.stakes import stake
from marketplace.stakes.of_milestones import MilestoneStake
from marketplace.work import scorecard
from marketplace.work.scorecard import Band
from tests.simulation.mutants import Mutant, entry, rewritten

MUTANTS = (
    Mutant(
        "silence pays minutes that a dispute divides as well",
        (
            rewritten(
                Session.due_at,
                "None if lives(self.contest) else self.review_ends_at or self.unclaimed_at",
                "self.review_ends_at or (None if lives(self.contest) else self.unclaimed_at)",
            ),
            rewritten(Session.approved, "require_uncontested(self.contest)", "pass"),
        ),
    ),
    Mutant(
        "a dispute does not stop a milestone's clock",
        (
            rewritten(milestone.Milestone.silence_at, "None if lives(self.contest) else ", ""),
            rewritten(milestone.Milestone.stepped, "require_uncontested(self.contest)", "pass"),
        ),
    ),
    Mutant(
        "an offer is taken after it has lapsed",
        (rewritten(Dispute._require_time, "at >= open_until", "False"),),
    ),
    Mutant(
        "a side takes its own offer",
        (rewritten(Dispute.accepted, "self.offer.by == by", "False"),),
    ),
    Mutant(
        "a division loses a cent",
        (rewritten(use_cases._divide, "amount - ending.to_worker", "amount - ending.to_worker - 1"),),
    ),
    Mutant(
        "a decision gives what was asked for, whatever the operator says",
        (rewritten(use_cases._divide, "stake.decided(ending.to_worker", "stake.decided(dispute.requested"),),
    ),
    Mutant(
        "what is decided is decided again",
        (
            entry(disputes.TRANSITIONS, (DisputeStatus.DECIDED, "decide"), DisputeStatus.DECIDED),
            entry(sessions.TRANSITIONS, (SessionStatus.APPROVED, "decide"), SessionStatus.APPROVED),
            rewritten(contest.Contest.decided, "not self.is_live", "False"),
        ),
    ),
    Mutant(
        "the fee of disputed minutes is rounded by itself",
        (rewritten(use_cases._divide, "earlier=stake.earlier", "earlier=0"),),
    ),
    Mutant(
        "an operator is asked before the time to answer is over",
        (rewritten(use_cases.wake_dispute, " or dispute.clock_at > tx.now", ""),),
    ),
    Mutant(
        "an operator is asked about minutes that somebody may still speak for",
        (rewritten(Session.unclaimed_at, " + UNCLAIMED_SECONDS", ""),),
    ),
    Mutant(
        "a disputed milestone's money is free",
        (rewritten(MilestoneStake.contested, "with_reserved(self.amount)", "with_reserved(0)"),),
    ),
    Mutant(
        "a withdrawn dispute keeps its money",
        (rewritten(MilestoneStake.freed, "with_reserved(-self.amount)", "with_reserved(0)"),),
    ),
    Mutant(
        "a contract's end drops what is disputed",
        (rewritten(endings._dropped, " or row.contest", ""),),
    ),
    Mutant(
        "what an ended contract gets back stays in its hold",
        (rewritten(stake.given_back, "return free.with_returned(rest)", "return free"),),
    ),
    Mutant(
        "what a decision frees is not for the session that runs",
        (rewritten(stake.given_back, "clocking.lengthened(free, at)", "free"),),
        shown_by="a session that runs may use what a decision frees",
    ),
    Mutant(
        "a cap is not looked at", (rewritten(Band.of, "min(share.amount, self.cap.amount)", "share.amount"),)
    ),
    Mutant(
        "the parts of a bonus lose a cent",
        (
            rewritten(
                scorecard._parted, "allocate(amount, weights if", "allocate(max(1, amount - 1), weights if"
            ),
        ),
    ),
    Mutant(
        "work is scored twice",
        (rewritten(outcomes._scored, "id=outcome_id(command.subject_id)", "id=command.position"),),
    ),
    Mutant(
        "a deduction needs no reason",
        (rewritten(outcomes._scored, "deduction and not command.reason", "False"),),
    ),
    Mutant(
        "a disputed deduction goes back to the client as well",
        (
            rewritten(Outcome.due_at, " and not lives(self.contest)", ""),
            rewritten(Outcome.returned, "require_uncontested(self.contest)", "pass"),
        ),
    ),
    Mutant(
        "a bonus is paid on a contract that is cancelled at the same moment",
        (rewritten(endings.pay_bonus, "tx.save(contract)", "pass"),),
    ),
)
