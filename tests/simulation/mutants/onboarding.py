"""Bugs in what workers bring before they work."""

from marketplace.contracts import offers
from tests.simulation.mutants import Mutant, rewritten

MUTANTS = (
    Mutant(
        "an offer is accepted without what is signed with it",
        (rewritten(offers._sign, "if missing:", "if False:"),),
        shown_by="what a task asks for is signed with its offer",
    ),
    Mutant(
        "the award does not look again at what the task asks for",
        (rewritten(offers.award_bid, "if wanted != NOTHING_REQUIRED:", "if False:"),),
        shown_by="who has lost a qualification is not awarded the task",
    ),
)
