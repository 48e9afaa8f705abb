"""Bugs in how people are forgotten."""

from chalicelib.work import ties
from marketplace.people import forgetting, privacy
from marketplace.people.privacy import Erasure
from tests.simulation.mutants import Mutant, rewritten

AS_A_BONUS_COMES = "a worker is to be forgotten as a bonus for what was done long ago is on its way"

MUTANTS = (
    Mutant(
        "whoever asks is forgotten after the first look",
        (rewritten(forgetting.decide_erasure, "elif erasure.was_shut_by(before):", "elif True:"),),
        shown_by=AS_A_BONUS_COMES,
    ),
    Mutant(
        "it is looked again as soon as the doors are shut",
        (rewritten(Erasure.shut, "due_at=at + STILL_SECONDS", "due_at=at"),),
        shown_by=AS_A_BONUS_COMES,
    ),
    Mutant(
        "nobody looks again",
        (rewritten(Erasure.shut, "due_at=at + STILL_SECONDS", "due_at=None"),),
        shown_by="a worker is forgotten",
    ),
    Mutant(
        "whom something binds still stays out",
        (rewritten(forgetting._refuse, "before.is_farewell", "False"),),
        shown_by=AS_A_BONUS_COMES,
    ),
    Mutant(
        "whom something binds still is let in against an operator's word",
        (rewritten(forgetting._refuse, "before.is_farewell", "before.stands"),),
        shown_by="a worker is to be forgotten, and is suspended, as a bonus is on its way",
    ),
    Mutant(
        "a bonus is paid to who is forgotten",
        (rewritten(privacy.require_staying, "if any(", "if False and any("),),
        shown_by="a bonus for who is forgotten by then",
    ),
    Mutant(
        "whose pay a bank may still return is forgotten",
        (rewritten(ties._of_payout, "payout.sweep_at is not None", "False"),),
        shown_by="a worker wants to be forgotten before the bank returns their pay",
    ),
    Mutant(
        "whose pay may still be taken back is forgotten",
        (rewritten(ties._of_contract, "theirs.runtime.clock.now() < until", "False"),),
        shown_by="a worker wants to be forgotten before their pay is taken back",
    ),
)
