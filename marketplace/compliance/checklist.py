"""A worker's checklist: what there is to bring, and how far each part of it has come."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from marketplace.compliance.agreement import Pinned
from marketplace.compliance.checks import Check
from marketplace.compliance.screening import Screening, ScreeningStatus
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.records import dataclass


class ItemStatus(StrEnum):
    """`expired` also where a newer version is in force than the one that was signed."""

    MISSING = "missing"
    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


NDA, TRAINING = "nda", "training"
_WORST_FIRST = (ItemStatus.MISSING, ItemStatus.EXPIRED, ItemStatus.PASSED)


@dataclass(frozen=True)
class Item:
    """`needed` is whether anybody asks for it now; `detail` says what to do next, or why it failed, and
    `subjects` are the ids of what is meant."""

    name: str
    status: ItemStatus
    detail: str
    needed: bool = True
    expires_at: int | None = None
    subjects: tuple[str, ...] = ()


def identity_item(account: PayoutAccount | None) -> Item:
    """Who the worker is, as Stripe has verified it for the payout account."""
    if account is None or account.stripe_account is None:
        return Item(Check.IDENTITY, ItemStatus.MISSING, "open a payout account; Stripe asks who you are")
    subjects = (account.id,)
    if account.is_ready:
        return Item(Check.IDENTITY, ItemStatus.PASSED, "verified by Stripe", subjects=subjects)
    missing = ", ".join(account.requirements) or "nothing more"
    return Item(Check.IDENTITY, ItemStatus.PENDING, f"Stripe waits for: {missing}", subjects=subjects)


def screening_item(check: Check, screening: Screening | None, at: int) -> Item:
    """What the provider has found; one whose end has come is expired before its timer has told."""
    if screening is None:
        return Item(check, ItemStatus.MISSING, "begin it: POST /v1/workers/me/screenings")
    over = screening.status == ScreeningStatus.PASSED and not screening.passes(at)
    status = ItemStatus.EXPIRED if over else ItemStatus(screening.status.value)
    reason = screening.last.reason if screening.last else None
    return Item(
        check, status, reason or _WORDS[status], expires_at=screening.expires_at, subjects=(screening.id,)
    )


def signing_item(
    name: str, asked: Iterable[Pinned], signed: Collection[Pinned], labels: Iterable[str] = ()
) -> Item:
    """Whether all that is asked for is signed, in the versions that are asked for; `labels` are names without
    a text, which the acceptance of an offer signs."""
    wanted = tuple(dict.fromkeys(asked))
    unnamed = [f"name {label} when you accept the offer" for label in dict.fromkeys(labels)]
    if not wanted and not unnamed:
        return Item(name, ItemStatus.MISSING, "nobody asks for one now", needed=False)
    before = {row.agreement_id for row in signed}
    states = {row: _signing(row, signed, before) for row in wanted}
    status = ItemStatus.MISSING if unnamed else min(states.values(), key=_WORST_FIRST.index)
    open_ = [row for row, state in states.items() if state != ItemStatus.PASSED]
    detail = "; ".join([*(f"sign version {row.version} of {row.agreement_id}" for row in open_), *unnamed])
    subjects = tuple(row.agreement_id for row in open_ or wanted)
    return Item(name, status, detail or _WORDS[ItemStatus.PASSED], subjects=subjects)


def _signing(row: Pinned, signed: Collection[Pinned], before: Collection[str]) -> ItemStatus:
    if row in signed:
        return ItemStatus.PASSED
    return ItemStatus.EXPIRED if row.agreement_id in before else ItemStatus.MISSING


_WORDS = {
    ItemStatus.PENDING: "the provider looks at it",
    ItemStatus.PASSED: "done",
    ItemStatus.FAILED: "the provider has turned it down",
    ItemStatus.EXPIRED: "begin it again",
}
