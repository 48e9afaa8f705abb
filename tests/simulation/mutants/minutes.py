"""Bugs in what clocked time costs: classes, floors, caps by the calendar, and time that is billed already."""

from marketplace.contracts import billed_time, minute_classes, minutes
from marketplace.contracts.billed_time import BilledTime
from marketplace.contracts.contract_clock import ContractClock
from marketplace.contracts.minutes import Minutes
from marketplace.metering import corrections
from marketplace.metering.session import Session
from marketplace.work.minute_terms import MinuteTerms
from tests.simulation.mutants import Mutant, rewritten

MUTANTS = (
    Mutant(
        "a class's interval is counted twice",
        (
            rewritten(
                minute_classes.seconds_by_class,
                "min(taken[index + 1].second, end) if index + 1 < len(taken) else end",
                "end",
            ),
        ),
        shown_by="stop and approve minutes of several classes",
    ),
    Mutant(
        "the class that came last wins, not the one that was said last",
        (
            rewritten(
                minute_classes.steps,
                "sorted(marks, reverse=True)",
                "sorted(marks, key=lambda mark: (mark.second, -mark.sequence), reverse=True)",
            ),
        ),
        shown_by="stop and approve minutes of several classes",
    ),
    Mutant(
        "a class reaches beyond what was worked",
        (rewritten(minute_classes.steps, "worked is None or mark.second < max(worked, 1)", "True"),),
        shown_by="a class that begins after the last proof",
    ),
    Mutant(
        "a floor is paid on top",
        (
            rewritten(
                Session.gross,
                "max(self.terms.price(self.by_class), self.terms.floor or 0)",
                "self.terms.price(self.by_class) + (self.terms.floor or 0)",
            ),
        ),
        shown_by="a shift has a floor, and its second session none",
    ),
    Mutant(
        "every session of a shift has its floor",
        (rewritten(BilledTime.begins_shift, "return at", "return True or at"),),
        shown_by="a shift has a floor, and its second session none",
    ),
    Mutant(
        "a day's cap goes by UTC",
        (rewritten(MinuteTerms.zone, "self.time_zone or UTC", "UTC"),),
        shown_by="a local day of 25 hours has one cap",
    ),
    Mutant(
        "what a session worked after midnight is forgotten",
        (rewritten(billed_time.after, "part + (0 if number else today)", "0 if number else part + today"),),
        shown_by="a session over midnight counts to both days",
    ),
    Mutant(
        "a week's sum is forgotten at midnight",
        (rewritten(BilledTime.spent, "week_of(day) == week_of(last)", "day == last"),),
        shown_by="a week goes on over midnight",
    ),
    Mutant(
        "the limit does not know the dearer class",
        (rewritten(Minutes.seconds_within, "self.rate_of(step.name)", "self.rate.amount_decimal"),),
        shown_by="a dearer class uses the hold up",
    ),
    Mutant(
        "a session begins with money for the cheapest class",
        (
            rewritten(Minutes.least, "self.most(self.billed_from + 1)", "0"),
            rewritten(Minutes.seconds_within, "fitting < len(working)", "fitting and fitting < len(working)"),
        ),
        shown_by="the money of a floor is set aside",
    ),
    Mutant(
        "money that came too late lets a session run on",
        (rewritten(minutes.seconds_granted, "grant.at >= running.started_at + seconds", "False"),),
        shown_by="money that comes after the hold is used up comes too late",
    ),
    Mutant(
        "what rounding up has billed is billed again",
        (rewritten(ContractClock.terms_at, "max(billed.until - at, 0) if billed else 0", "0"),),
        shown_by="short sessions are rounded up once",
    ),
    Mutant(
        "a correction's class is forgotten",
        (rewritten(Session.by_class, "found[self.correction.name]", "found[None]"),),
        shown_by="offline minutes of a class",
    ),
    Mutant(
        "a correction is rounded into the next session",
        (
            rewritten(
                corrections._added_seconds, "terms.minimum_seconds), over)", "terms.minimum_seconds), 10**9)"
            ),
        ),
        shown_by="a correction does not reach into the next session",
    ),
)
