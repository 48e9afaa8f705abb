"""Rules of paying out that several tests play by, and how a payout is read in them."""

from dataclasses import replace

from marketplace.payouts.payout import PayoutStatus, Reason
from tests.fakes.payout_desk import UNHINDERED, PayoutDesk

DAY = 86_400
HELD = replace(UNHINDERED, hold_seconds=3 * DAY)
WATCHED = replace(UNHINDERED, approval_above=5_000)
STRICT = replace(UNHINDERED, hold_seconds=2 * DAY, approval_above=5_000)
PEOPLE = ("finance:a", "finance:b", "finance:c")


def waits(desk: PayoutDesk, payout_id: str) -> tuple[PayoutStatus, Reason | None]:
    """Its state, and why it waits."""
    payout = desk.payout(payout_id)
    return payout.status, payout.reason
