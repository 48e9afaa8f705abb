"""What a granted appeal does, in the commit that grants it. Whatever cannot be undone any more is noted, and
the other side is told."""

from collections.abc import Callable, Iterable

from marketplace.access.suspension import Suspension
from marketplace.appeals import brought
from marketplace.appeals.appeal import Appeal, Effect, Verdict
from marketplace.appeals.subjects import REMOVAL
from marketplace.contracts import paying
from marketplace.contracts.contract import Contract
from marketplace.reputation.rating import Rating, Removal, RemovalCode
from marketplace.results import hold
from marketplace.results.result import Result
from marketplace.shared.errors import IllegalTransition, InsufficientFunds
from marketplace.shared.ids import prefix_of
from marketplace.shared.transaction import Transaction
from marketplace.stakes.of_results import ResultStake

DESCRIPTION = "grant appeal"

Undone = tuple[Effect, Iterable[str]]
"""What was changed, and who was paid."""


def undo(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Undone:
    """Stages it. Of a bid, or of changes, it is noted: the worker may bid, or hand in, again, and the client
    has it from a human that it was wrong."""
    kind = prefix_of(appeal.subject_id)
    if kind in _BROUGHT:
        return _BROUGHT[kind](appeal, verdict, tx), ()
    if kind == "spn":
        return _reinstate(appeal, verdict, tx)
    if kind == "rat":
        removal = appeal.decision.key[-1] == REMOVAL
        return _restore(appeal, verdict, tx) if removal else _remove(appeal, verdict, tx)
    return _pay(appeal, verdict, tx) if kind == "res" else (Effect.NOTED, ())


def _reinstate(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Undone:
    suspension = tx.get(Suspension, appeal.subject_id)
    same = appeal.decision.key == (suspension.id, str(suspension.since))
    if not suspension.stands or suspension.is_farewell or not same:
        return Effect.NONE, ()
    tx.save(suspension.lifted(by=verdict.by, reason=verdict.reason, at=verdict.at))
    return Effect.REINSTATED, ()


def _remove(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Undone:
    rating = tx.get(Rating, appeal.subject_id)
    if not rating.is_public:
        return Effect.NONE, ()
    tx.save(rating.removed(Removal(verdict.by, verdict.at, RemovalCode.OTHER, verdict.reason)))
    return Effect.RATING_REMOVED, ()


def _restore(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Undone:
    rating = tx.get(Rating, appeal.subject_id)
    if not rating.is_removed:
        return Effect.NONE, ()
    tx.save(rating.restored(verdict.at))
    return Effect.RATING_RESTORED, ()


def _pay(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Undone:
    """The result is accepted and paid out of the hold, once more where its acceptance was taken back, if the
    contract runs and has place and free money for it, as a dispute would do it. Otherwise it is noted."""
    result = tx.get(Result, appeal.subject_id)
    before = tx.get(Contract, result.contract_id)
    try:
        contested = hold.contested(before, waiting=False)
        stake = ResultStake(contested, result.reconsidered(appeal.id, verdict.at), tallied=1)
    except (IllegalTransition, InsufficientFunds):
        return Effect.NOTED, ()
    paid = stake.decided(result.price.amount, verdict.at)
    paid.stage(tx)
    return Effect.PAID, paying.book(before, paid.contract, DESCRIPTION, tx).payees


_BROUGHT: dict[str, Callable[[Appeal, Verdict, Transaction], Effect]] = {
    "doc": brought.accept_document,
    "hol": brought.give_back,
    "att": brought.grant_another_try,
    "scr": brought.overrule_screening,
    "pmb": brought.let_in_again,
}
