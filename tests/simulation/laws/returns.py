"""What a chargeback may do to a contract, commit by commit."""

from collections.abc import Iterable
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.shared.events import Event

NEW_WORK = ("session.running", "result.submitted", "milestone.submitted")


def check(event: Event, pairs: Iterable[tuple[Any, Any]]) -> None:
    """After a commit: nobody begins work for money that is contested, and only that is taken which nobody
    has earned."""
    for new, old in pairs:
        if type(new) is not Contract or old is None:
            continue
        told = f"{new.id}: {event.type}"
        frozen = bool(old.chargebacks.frozen_by)
        assert not (frozen and event.type in NEW_WORK), f"law 4: {told} while it is frozen"
        if event.type == "contract.charged_back":
            assert new.reserved == old.reserved, f"law 3: {told} took what is reserved"
            assert new.running == old.running, f"law 3: {told} took a running session's money"
            before, after = (_in_review(one) for one in (old, new))
            assert before == after, f"law 3: {told} took a milestone in review"
            assert new.chargebacks.frozen_by, f"law 4: {told} and is not frozen"


def short(new: Contract, told: str) -> int:
    """What funded milestones lack: no more than they are, and only while something contests it."""
    lacking = new.chargebacks.short
    funded = sum(row.amount for row in new.milestones if row.status == "funded" and not row.contest)
    assert 0 <= lacking <= funded, f"law 3: {told}, {lacking} of {funded} is short"
    explained = not lacking or new.chargebacks.frozen_by
    assert explained, f"law 3: {told}, {lacking} is short and nothing contests it"
    return lacking


def _in_review(contract: Contract) -> list[str]:
    return [row.id for row in contract.milestones if row.status == "submitted"]
