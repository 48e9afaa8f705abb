"""Which seeds are played where, and which have been: a long search goes on where it was stopped."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELD = ROOT / "build" / "simulation"

EACH_TIME = {1: 10_000, 2: 500}
"""By level: `make test` plays these, from 0 on."""
DEEP = {1: 1_000_000, 2: 20_000}
"""`make test-deep` plays these as well, from `DEEP_FIRST` on."""
DEEP_FIRST = 1_000_000
PIECE = {1: 500, 2: 50}
DEEP_PIECE = {1: 5_000, 2: 500}


def pieces(level: int) -> Iterator[range]:
    """What is played each time, in pieces for several workers."""
    return _cut(0, EACH_TIME[level], PIECE[level])


def deep_pieces(level: int) -> Iterator[range]:
    """What is played in a long search."""
    return _cut(DEEP_FIRST, DEEP[level], DEEP_PIECE[level])


def _cut(first: int, count: int, size: int) -> Iterator[range]:
    return (range(at, min(at + size, first + count)) for at in range(first, first + count, size))


def is_held(seeds: range, level: int) -> bool:
    """Whether these stories broke no law before, of this very code."""
    return _mark(seeds, level).exists()


def hold(seeds: range, level: int) -> None:
    """They broke none."""
    mark = _mark(seeds, level)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _mark(seeds: range, level: int) -> Path:
    return HELD / _code() / f"level {level}, {seeds.start} to {seeds.stop}"


@cache
def _code() -> str:
    """A digest of everything that a story is made of."""
    digest = hashlib.sha256()
    for folder in ("marketplace", "chalicelib", "tests/simulation"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
