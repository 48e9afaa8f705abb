"""The fewest steps of a failing story that still break the same law."""

from collections.abc import Collection

from tests.simulation.scheduler import play


def shrunk(seed: int, level: int = 1) -> tuple[int, ...]:
    """The numbers of the steps that are needed, the others left out. Raises ValueError for a seed that holds
    every law."""
    story = play(seed, level=level)
    if not story.breach:
        raise ValueError(f"seed {seed} breaks no law")
    every, law = range(story.steps), _law(story.breach)

    def breaks(kept: Collection[int]) -> bool:
        return _law(play(seed, without=set(every) - set(kept), level=level).breach) == law

    kept, size = list(every), len(every)
    while size:
        kept = _without_pieces(kept, size, breaks)
        size //= 2
    return tuple(kept)


def _without_pieces(kept: list[int], size: int, breaks) -> list[int]:
    """What is left when each piece of that size has been left out that was not needed."""
    at = 0
    while at < len(kept):
        rest = kept[:at] + kept[at + size :]
        if breaks(rest):
            kept = rest
        else:
            at += size
    return kept


def _law(breach: str) -> str:
    return breach.partition(":")[0]
