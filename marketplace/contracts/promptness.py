"""How fast a client pays for what was handed in, in stars: counted on the contract, and told to its
reputation by the events of the payments themselves.

    paid ──> counted ──PIECES_TOLD of them, or the contract ends──> told by that very event
                └───────── after the end: each by its own ─────────────┘

So what was told adds up to what was paid, whoever reads the events in whatever order, and a client's
reputation is written once for some pieces and not for each.
"""

from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.shared.records import replace

PROMPT_WITHIN_SECONDS = {5: 86_400, 4: 2 * 86_400, 3: 4 * 86_400, 2: 7 * 86_400}
"""Sooner than that after it was handed in, an answer is worth so many stars; later, also by silence, 1."""
STARS = 5
PIECES_TOLD = 5
"""So many pieces are told together."""
TOLD = "promptness"
"""Under this name an event tells how many pieces were paid, by stars from 1."""


def paid_after(contract: Contract, seconds: int) -> tuple[Contract, dict[str, Any]]:
    """One more piece of work was paid, so long after it was handed in; and what its event tells."""
    counts = list(contract.promptness or (0,) * STARS)
    counts[stars_for(seconds) - 1] += 1
    counted = replace(contract, promptness=tuple(counts))
    is_told = contract.ended_at is not None or sum(counts) >= PIECES_TOLD
    return all_told(counted) if is_told else (counted, {})


def all_told(contract: Contract) -> tuple[Contract, dict[str, Any]]:
    """Nothing is left to be told, once this is."""
    if contract.promptness is None:
        return contract, {}
    return replace(contract, promptness=None), {TOLD: list(contract.promptness)}


def stars_for(seconds: int) -> int:
    """1 to 5."""
    return next((stars for stars, within in PROMPT_WITHIN_SECONDS.items() if seconds < within), 1)
