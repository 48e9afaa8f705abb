"""What a client gives to judge results by, and what that says of a contract."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue

from chalicelib.api.contract_access import visible_contract
from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import LIST_MAX, Instant, Line, Model
from marketplace.results.answers import canonical
from marketplace.results.gold import GoldItem, KnownAnswer, RegisterGold, register_gold
from marketplace.results.hold import counts
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import TASK_GOLD
from marketplace.work.task import Task

EXPECTED_BYTES_MAX = 1024
SHARE_DECIMALS = 4

routes = Routes()


def _bounded(expected: JsonValue) -> JsonValue:
    if len(canonical(expected).encode()) > EXPECTED_BYTES_MAX:
        raise ValueError(f"must have at most {EXPECTED_BYTES_MAX} bytes as JSON")
    return expected


class KnownAnswerBody(Model):
    """`expected` is what the compared field of a right payload holds."""

    external_id: Line
    expected: Annotated[JsonValue, AfterValidator(_bounded)]


def _each_once(items: list[KnownAnswerBody]) -> list[KnownAnswerBody]:
    if len({item.external_id for item in items}) < len(items):
        raise ValueError("an external_id is given more than once")
    return items


class NewGold(Model):
    """Items whose answer the client knows; all of them are new, or none is taken."""

    items: Annotated[
        list[KnownAnswerBody], Field(min_length=1, max_length=LIST_MAX), AfterValidator(_each_once)
    ]


class GoldItemView(Model):
    """A gold item, for its client alone."""

    id: str
    object: Literal["gold_item"] = "gold_item"
    task_id: str
    external_id: str
    expected: JsonValue
    created_at: Instant


class GoldItemsView(Model):
    """What was registered."""

    data: list[GoldItemView]


class AccuracyView(Model):
    """How a contract's results of gold items were: `share` is correct / graded as a decimal, null before any
    was graded."""

    contract_id: str
    object: Literal["accuracy"] = "accuracy"
    graded: int
    correct: int
    share: str | None


def gold_item_view(item: GoldItem) -> GoldItemView:
    """A gold item for an answer."""
    return GoldItemView(
        id=item.id,
        task_id=item.task_id,
        external_id=item.external_id,
        expected=item.answer,
        created_at=item.created_at,
    )


@routes.add(
    "POST",
    "/v1/tasks/{task_id}/gold-items",
    who=CLIENT,
    scope="work",
    body=NewGold,
    answer=GoldItemsView,
    status=201,
)
def register_gold_items(call: Call[NewGold]) -> Reply:
    """Registers known answers; results that come after it are held against them."""
    answers = tuple(
        KnownAnswer(item.external_id, canonical(item.expected), call.runtime.new_id("gld"))
        for item in call.body.items
    )
    command = RegisterGold(call.id("task_id", "task"), call.principal.id, answers)
    return call.commit(
        lambda tx: register_gold(command, tx),
        lambda items: GoldItemsView(data=[gold_item_view(item) for item in items]),
    )


@routes.add(
    "GET", "/v1/tasks/{task_id}/gold-items", who=CLIENT, query=PageQuery, answer=Page, row=GoldItemView
)
def list_gold_items(call: Call[Any]) -> Reply:
    """The known answers of one of the client's tasks."""
    task = call.get(Task, call.id("task_id", "task"))
    if task.client_id != call.principal.id:
        raise NotFound
    return call.page(TASK_GOLD, task.id, gold_item_view)


@routes.add("GET", "/v1/contracts/{contract_id}/accuracy", who=CLIENT, answer=AccuracyView)
def get_accuracy(call: Call[Any]) -> Reply:
    """How good a contract's results of gold items were."""
    contract = visible_contract(call)
    counted = counts(contract)
    share = f"{counted.correct / counted.graded:.{SHARE_DECIMALS}f}" if counted.graded else None
    return Reply(
        AccuracyView(contract_id=contract.id, graded=counted.graded, correct=counted.correct, share=share)
    )
