"""How fast a client pays for what was handed in, in stars: counted on the contract for as long as it runs,
and for its reputation from there once it has ended."""

from marketplace.contracts.contract import Contract
from marketplace.shared.records import replace

PROMPT_WITHIN_SECONDS = {5: 86_400, 4: 2 * 86_400, 3: 4 * 86_400, 2: 7 * 86_400}
"""Sooner than that after it was handed in, an answer is worth so many stars; later, also by silence, 1."""
STARS = 5


def paid_after(contract: Contract, seconds: int) -> Contract:
    """One more piece of work was paid, so long after it was handed in. One that has ended counts no more."""
    if contract.ended_at is not None:
        return contract
    counts = list(contract.promptness or (0,) * STARS)
    counts[stars_for(seconds) - 1] += 1
    return replace(contract, promptness=tuple(counts))


def stars_for(seconds: int) -> int:
    """1 to 5."""
    return next((stars for stars, within in PROMPT_WITHIN_SECONDS.items() if seconds < within), 1)


def by_stars(contract: Contract) -> dict[int, int]:
    """How many pieces were paid, by stars."""
    return {stars: count for stars, count in enumerate(contract.promptness or (), start=1) if count}
