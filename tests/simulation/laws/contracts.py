"""What a contract's head must say of its money, and how it may change."""

from marketplace.contracts.contract import Contract
from tests.simulation.laws import fees
from tests.simulation.laws.tables import NEXT_STATES


def holds_together(new: Contract, told: str, *, hold: int, client_fee: int) -> None:
    """Law 3: what it holds, for what, as posted (`hold`), and the client's fee beside it; minor units."""
    out = new.released + new.returned + new.chargebacks.charged_back
    assert new.funded == new.held + out, f"law 3: {told}"
    assert 0 <= new.reserved <= new.held, f"law 3: {told}, reserved {new.reserved}"
    aside = _aside(new)
    assert new.held >= new.reserved + aside, f"law 3: {told}, reserved {new.reserved}, set aside {aside}"
    assert hold == new.held, f"law 3: {told}, not as posted"
    fee = fees.client_fee(new, new.held + new.released) - fees.client_fee(new, new.released)
    assert client_fee == fee, f"law 3: {told}, its client's fee on it is {fee}, {client_fee} is reserved"


def moves_in_turn(new: Contract, old: Contract, told: str) -> None:
    """Laws 3 and 4: what was once paid or returned stays so, and nothing moves out of turn."""
    grew = new.funded > old.funded
    assert not grew or old.status == "active", f"law 4: {new.id} was funded while {old.status}"
    accepted = None if old.accepted_at is not None else new.accepted_at
    in_time = accepted is None or accepted < new.offer_ends_at
    assert in_time, f"law 4: {new.id} was accepted after it had lapsed"
    paid, before = new.released + new.reversed, old.released + old.reversed
    assert paid >= before, f"law 3: {told}, less than {before} ever paid"
    assert new.reversed >= old.reversed, f"law 3: {told}, less than {old.reversed} reversed"
    assert new.returned >= old.returned, f"law 3: {told}, less than {old.returned} returned"
    for row, earlier in zip(new.milestones, old.milestones, strict=False):
        moved = row.status != earlier.status
        allowed = not moved or row.status in NEXT_STATES["milestone"][earlier.status]
        unasked = moved and (earlier.status, row.status) == ("funded", "approved")
        allowed = allowed and not (unasked and row.contest is None)
        assert allowed, f"law 4: {row.id} went from {earlier.status} to {row.status}"


def _aside(contract: Contract) -> int:
    """What the running session may spend at most."""
    running = contract.running
    if running is None:
        return 0
    return running.grants[-1].amount if running.grants else running.terms.gross(running.seconds_max)
