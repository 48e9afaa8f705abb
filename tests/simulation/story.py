"""What became of a seed."""

from collections import Counter
from dataclasses import dataclass, field

DEFECT = "a defect"
"""How the breach of a story begins that ended by an exception of which no law speaks."""


@dataclass
class Story:
    """What became of a seed; `breach` is empty when every law held."""

    seed: int
    steps: int = 0
    commits: int = 0
    breach: str = ""
    injected: Counter[str] = field(default_factory=Counter)
