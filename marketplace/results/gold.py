"""Gold items: pieces of work whose answer the client knows, mixed among the others."""

import json
from typing import Any

from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.work.terms import ReviewPolicy
from marketplace.work.use_cases import own_task


@dataclass(frozen=True)
class GoldItem:
    """`expected` is the canonical answer; no worker ever sees it."""

    id: str
    task_id: str
    external_id: str
    expected: str
    position: str
    created_at: int

    @property
    def answer(self) -> Any:
        """The expected JSON value."""
        return json.loads(self.expected)

    def matches(self, answer: str) -> bool:
        """Whether a canonical answer is the expected one."""
        return answer == self.expected


@dataclass(frozen=True)
class KnownAnswer:
    """`position` is a fresh id: lists of gold items are ordered by it."""

    external_id: str
    expected: str
    position: str


@dataclass(frozen=True)
class RegisterGold:
    """Answers to items of the client's task; all of them are new, or none is taken."""

    task_id: str
    client_id: str
    answers: tuple[KnownAnswer, ...]


def gold_id(task_id: str, external_id: str) -> str:
    """The id of the one gold item that a task may have under this external id."""
    return derived_within("gld", task_id, external_id)


def register_gold(command: RegisterGold, tx: Transaction) -> list[GoldItem]:
    """Results that come later are held against these. Raises NotFound, IllegalTransition, AlreadyExists."""
    task = own_task(command.task_id, command.client_id, tx)
    if task.pay.review is None or task.pay.review.policy != ReviewPolicy.GOLD:
        raise IllegalTransition("the task's results are not reviewed by gold items")
    items = [
        GoldItem(
            gold_id(task.id, known.external_id),
            task.id,
            known.external_id,
            known.expected,
            known.position,
            tx.now,
        )
        for known in command.answers
    ]
    for item in items:
        if tx.find(GoldItem, item.id) is not None:
            raise AlreadyExists(f"there is a gold item `{item.external_id}` already")
    tx.save(*items)
    tx.publish(EventType.GOLD_REGISTERED, about=(task.id, task.client_id), items=len(items))
    return items
