"""The benefit of the doubt: how much better than what is known of a worker they may well be.

Optimistic Thompson sampling: of a share that was seen to succeed `won` times and to fail `lost` times (prior
included), a value is drawn from the posterior Beta(won, lost), and counts where it is above what is known. So
nobody counts less than what is known of them, what is uncertain is tried now and then, and who turned out to
be good needs no luck any more. Chapelle and Li, An Empirical Evaluation of Thompson Sampling (NIPS 2011),
papers.nips.cc/paper_files/paper/2011/hash/e53a0a2978c28872a4505bdb51db06dc-Abstract.html

A draw is made of `won` and `lost` exponential ones that belong to the seed, in their order. So the same seed
draws the same, and with it one success more never lowers the draw, and one failure more never raises it.
"""

import random
from hashlib import sha256

OBSERVATIONS_MAX = 60


def ring(text: str) -> int:
    """A place among 2^32, the same for the same text, and anywhere for another one."""
    return int.from_bytes(sha256(text.encode()).digest()[:4])


def draw(seed: str, won: int, lost: int) -> float:
    """From Beta(won, lost), both 1 to OBSERVATIONS_MAX; between 0 and 1."""
    if not (1 <= won <= OBSERVATIONS_MAX and 1 <= lost <= OBSERVATIONS_MAX):
        raise ValueError(f"Beta({won}, {lost})")
    return _gamma(f"{seed}|won", won) / (_gamma(f"{seed}|won", won) + _gamma(f"{seed}|lost", lost))


def _gamma(seed: str, shape: int) -> float:
    source = random.Random(seed)  # noqa: S311  the same for everybody who looks, and guards nothing
    return sum(source.expovariate(1.0) for _ in range(shape))
