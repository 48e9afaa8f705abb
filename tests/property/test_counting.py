"""What a contract has is counted without reading it all, also when much is written at once."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.correspondence.counting import SEEN_MAX, next_number, placed


@given(st.integers(0, 3), st.lists(st.integers(1, SEEN_MAX), max_size=20))
def test_whatever_is_written_at_once_is_counted_once_it_is_shown(unnumbered: int, bursts: list[int]) -> None:
    positions = [f"msg_{place:05d}" for place in range(unnumbered)]
    for burst in bursts:
        number = next_number(positions[::-1][:SEEN_MAX])
        assert number == len(positions) + 1
        positions += [placed(f"msg_{len(positions) + each:05d}", number) for each in range(burst)]
    assert positions == sorted(positions)
    assert next_number(positions[::-1][:SEEN_MAX]) == len(positions) + 1
