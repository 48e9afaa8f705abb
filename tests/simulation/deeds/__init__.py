"""What people do, drawn from the seed: each deed proposes one call of one operation.

A deed looks for something that its call fits, mostly; now and then it takes whatever is there, so that what
is not allowed is tried as well. To play a further operation, write a deed of a few lines here; a test lists
the operations that nobody plays.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.world import World

ANYTHING = 0.1
"""How often a deed does not look whether its call fits."""

Propose = Callable[[World], Ask | None]


@dataclass(frozen=True)
class Deed:
    """`weight` is how often it is drawn, beside the others'."""

    operation: str
    weight: int
    propose: Propose


DEEDS: list[Deed] = []

FOCI: dict[str, tuple[str, ...]] = {
    "everything": (),
    "hiring": ("post_task", "publish_task", "submit_bid", "award", "accept_offer", "decline_offer"),
    "milestones": (
        "fund_contract",
        "fund_milestone",
        "submit_milestone",
        "approve_milestone",
        "plan_milestone",
        "request_changes",
        "cancel_milestone",
    ),
    "minutes": (
        "start_session",
        "record_heartbeat",
        "record_class",
        "stop_session",
        "approve_session",
        "dispute_session",
        "ask_correction",
        "accept_correction",
        "fund_contract",
    ),
    "results": ("submit_result", "accept_result", "reject_result", "reverse_result", "create_payout"),
    "payees": (
        "publish_fee_schedule",
        "invite_member",
        "join_agency",
        "award",
        "accept_offer",
        "fund_contract",
        "submit_milestone",
        "approve_milestone",
        "pay_bonus",
    ),
    "disputes": (
        "open_dispute",
        "make_offer",
        "accept_dispute_offer",
        "decide_dispute",
        "apply_outcome",
        "submit_result",
        "submit_milestone",
        "start_session",
        "stop_session",
        "dispute_session",
    ),
    "money in": ("create_top_up",),
    "money back": ("create_refund", "give_evidence", "create_top_up", "fund_contract", "cancel_contract"),
    "money out": (
        "create_payout",
        "retry_payout",
        "pay_bonus",
        "approve_payout",
        "cancel_payout",
        "reverse_payout",
        "set_payout_schedule",
    ),
    "endings": ("complete_contract", "cancel_contract", "give_rating", "pause_contract", "resume_contract"),
}
"""What a story is about: its deeds are drawn `FOCUS` times as often, so that stories differ in kind."""
FOCUS = 8


def deed(operation: str, weight: int) -> Callable[[Propose], Propose]:
    """Registers what proposes calls of `operation`."""

    def register(propose: Propose) -> Propose:
        DEEDS.append(Deed(operation, weight, propose))
        return propose

    return register


def one_of(world: World, prefix: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
    """Something of that kind that fits, or now and then anything of it; None if there is nothing."""
    rows = world.heads(prefix)
    fitting = rows if world.chance.random() < ANYTHING else [row for row in rows if fits(row)]
    return world.chance.choice(fitting) if fitting else None


def in_status(*statuses: str) -> Callable[[Any], bool]:
    """Whether a row is in one of these states."""
    return lambda row: row.status in statuses


def ask(operation: str, by: str, body: dict[str, Any] | None = None, **path: str) -> Ask:
    """A call; its key is chosen by the scheduler."""
    return Ask(operation, by, path, body or {})


def money(amount: int, currency: str) -> dict[str, Any]:
    """As a body has it."""
    return {"amount": amount, "currency": currency}


def drawn(world: World) -> Ask | None:
    """What somebody does next, or None when there is nothing for it to be done to."""
    every, weights = _drawable(world.focus)
    return every[bisect(weights, world.chance.random() * weights[-1])].propose(world)


@cache
def _drawable(focus: str) -> tuple[list[Deed], list[int]]:
    """All deeds, in the same order whoever imported them first, and their weights, added up."""
    every, wanted = sorted(DEEDS, key=lambda one: one.operation), FOCI[focus]
    weights = (one.weight * (FOCUS if one.operation in wanted else 1) for one in every)
    return every, list(accumulate(weights))
