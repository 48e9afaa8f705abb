"""Trying again: so often, and after waits that grow to a limit."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.shared.patience import Patience


@given(attempts=st.integers(1, 20), first=st.floats(0.001, 1), growth=st.floats(1, 100))
def test_it_waits_between_attempts_alone_and_never_beyond_a_doubling_span(
    attempts: int, first: float, growth: float
) -> None:
    waits: list[float] = []
    patience = Patience(attempts, first, first * growth)
    tried = [(attempt, len(waits)) for attempt in patience.attempts(waits.append)]
    assert tried == [(attempt, attempt) for attempt in range(attempts)]
    assert all(0 <= wait <= min(first * growth, first * 2**number) for number, wait in enumerate(waits))
