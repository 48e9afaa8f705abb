"""Going on where a look at workers ended, so that each is met once, however many lists they stand in.

A look goes round the lists, which all have the same order of places, in windows: some rows of each list from
where the window before has ended. Of a window's rows the best are read first, a round of them at a time.

    list a   |---- seen ----|-- window --|
    list b   |-- seen --|------- window ------|      a row of b that stands in a as well, where a is seen: met
"""

from collections.abc import Iterator, Mapping, Sequence

from marketplace.shared.records import dataclass

END = "~"
"""Where a list has ended: it sorts after every place."""


@dataclass(frozen=True)
class Round:
    """`reached` is up to where each list was seen, by a short name, END where it has ended; `taken` is how
    many of the window after that were read."""

    reached: Mapping[str, str]
    taken: int = 0

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to see."""
        return bool(self.reached) and all(place == END for place in self.reached.values())


FIRST = Round({})


def turned(place: str, begins: str) -> tuple[bool, str]:
    """The order of places for a look that begins at `begins` and goes round."""
    return place < begins, place


def is_seen(place: str, name: str, before: Round, begins: str) -> bool:
    """Whether a list has been seen up to there."""
    reached = before.reached.get(name, "")
    return reached == END or (bool(reached) and turned(place, begins) <= turned(reached, begins))


def mixed(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """Two of the one, then one of the other, and whatever is left when either has ended."""
    ones, others = iter(one), iter(other)
    for number in range(len(one) + len(other)):
        first, second = (others, ones) if number % 3 == 2 else (ones, others)
        found = next(first, None)
        yield next(second) if found is None else found
