"""An outcome's computation in words, for the worker."""

from decimal import Decimal

from marketplace.outcomes.outcome import Outcome
from marketplace.shared.currencies import exponent


def explained(outcome: Outcome) -> list[str]:
    """From the criteria to the money, a line a step."""
    return [*(_row(outcome, number) for number in range(len(outcome.rows))), *_result(outcome)]


def _row(outcome: Outcome, number: int) -> str:
    row = outcome.rows[number]
    told = f"{row.name}: {_percent(row.points)}, weight {row.weight}"
    return f"{told}, its part {_money(row.part, outcome)}" if row.part else told


def _result(outcome: Outcome) -> list[str]:
    score = f"score: {_percent(outcome.score)}, the weighted mean"
    band, amount = outcome.band, outcome.bonus or outcome.deduction
    if band is None:
        return [score, "this leads to no bonus and no deduction"]
    side = "at least" if outcome.bonus else "below"
    what = "bonus" if outcome.bonus else "deduction"
    price, cap = _money(outcome.price, outcome), _money(band.cap.amount, outcome)
    terms = f"{_percent(band.share)} of {price}, at most {cap}"
    return [score, f"{side} {_percent(band.threshold)}: a {what} of {terms}: {_money(amount, outcome)}"]


def _percent(basis_points: int) -> str:
    return f"{Decimal(basis_points).scaleb(-2)} %"


def _money(amount: int, outcome: Outcome) -> str:
    return f"{Decimal(amount).scaleb(-exponent(outcome.currency))} {outcome.currency}"
