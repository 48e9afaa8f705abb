"""First in, first out: which withdrawal took which earnings."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.ledger.attribution import Movement, drawn_by


def came(event_id: str, amount: int) -> Movement:
    return Movement(event_id, amount, 0)


def went(event_id: str, amount: int) -> Movement:
    return Movement(event_id, 0, amount)


def test_each_earning_is_followed_to_whoever_took_it() -> None:
    lines = [came("a", 10), went("x", 10), came("b", 6), came("c", 6), went("y", 8), came("d", 1)]
    assert [drawn_by(lines, event) for event in "abcd"] == [["x"], ["y"], ["y"], []]
    assert drawn_by(lines, "x") == []
    assert drawn_by([came("a", 10), went("x", 4), went("y", 4), went("z", 2)], "a") == ["x", "y", "z"]


@given(st.lists(st.integers(min_value=-50, max_value=50).filter(bool), max_size=30))
def test_every_withdrawal_took_what_somebody_earned(amounts: list[int]) -> None:
    balance, lines = 0, list[Movement]()
    for number, amount in enumerate(amounts):
        if balance + amount >= 0:
            balance += amount
            lines.append(came(f"in{number}", amount) if amount > 0 else went(f"out{number}", -amount))
    earned = [line.event_id for line in lines if line.credit]
    taken = [drawn_by(lines, event_id) for event_id in earned]
    assert {event_id for found in taken for event_id in found} == {
        line.event_id for line in lines if line.debit
    }
