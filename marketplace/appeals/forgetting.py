"""What is left of an appeal once its person is forgotten."""

from marketplace.appeals.appeal import Appeal
from marketplace.shared.private import ERASED
from marketplace.shared.records import replace
from marketplace.shared.transaction import Transaction


def forget_appeal(identifier: str, tx: Transaction) -> None:
    """That it was decided, and by whom, stays; the words go. Raises NotFound."""
    appeal = tx.get(Appeal, identifier)
    verdict = appeal.verdict and replace(appeal.verdict, reason=ERASED)
    answer = appeal.answer and replace(appeal.answer, text=ERASED)
    tx.forget(replace(appeal, reason=ERASED, verdict=verdict, answer=answer))
