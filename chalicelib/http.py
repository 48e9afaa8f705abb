"""What an endpoint is given, what it answers, and the table in which it stands (answering.py runs them)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from chalicelib import pages, reading_ahead
from chalicelib.reading_ahead import Told
from chalicelib.types import Model
from marketplace.access.principals import Principal, Role
from marketplace.access.rate_limits import Limit
from marketplace.people.workers import Worker
from marketplace.runtime import Runtime
from marketplace.shared.errors import IdempotencyInProgress, NotFound
from marketplace.shared.events import Answer, Cause, Event
from marketplace.shared.ids import is_id
from marketplace.shared.records import dataclass
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage import personal_answers
from marketplace.storage.keys import Listing

CLIENT = (Role.CLIENT,)
WORKER = (Role.WORKER,)
BOTH_SIDES = (Role.CLIENT, Role.WORKER)
FINANCE = (Role.FINANCE,)
OPERATOR = (Role.OPERATOR,)
ANYONE_SIGNED_IN = tuple(Role)
PUBLIC: tuple[Role, ...] = ()

JSON = "application/json"
SEE_OTHER = 303

PersonOf = Callable[[Any], personal_answers.Person | None]
"""Of whom a use case's result tells."""

BodyModel = TypeVar("BodyModel", bound=BaseModel)
Result = TypeVar("Result")
Kind = TypeVar("Kind")
Row = TypeVar("Row")


class NoBody(Model):
    """A call that takes nothing, or `{}`."""


class RawBody(Model):
    """A body that is signed byte for byte, and not yet parsed; `headers` have lower-case names."""

    content: bytes
    headers: dict[str, str]


class NoQuery(Model):
    """A call without query parameters."""


@dataclass(frozen=True)
class Reply:
    """An answer; `model` is rendered, or `text` is given as it was the first time, or `file` is the answer.
    `headers` stand in place of those that every answer has."""

    model: BaseModel | None = None
    text: str | None = None
    file: bytes | None = None
    status: int | None = None
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> str | bytes:
        """The JSON text, or the file."""
        if self.file is not None:
            return self.file
        if self.text is not None:
            return self.text
        return self.model.model_dump_json() if self.model is not None else "{}"


@dataclass(frozen=True)
class Call(Generic[BodyModel]):
    """One authenticated, validated call; `address` is the IP address that the gateway saw it come from."""

    runtime: Runtime
    principal: Principal
    body: BodyModel
    query: Any
    path: dict[str, str]
    cause: Cause
    status: int
    address: str = ""

    @property
    def now(self) -> int:
        """Epoch seconds of the product's clock, one instant for the whole call."""
        return self.cause.at

    def id(self, name: str, prefix: str) -> str:
        """The path's id of that name. Raises NotFound when it is malformed."""
        identifier = self.path[name]
        if not is_id(identifier, prefix):
            raise NotFound
        return identifier

    def find(self, kind: type[Kind], identifier: str) -> Kind | None:
        """The aggregate as it is now, or None."""
        found = self.runtime.store.read(kind, identifier)
        return None if found is None else found[0]

    def get(self, kind: type[Kind], identifier: str) -> Kind:
        """Like `find`. Raises NotFound."""
        found = self.find(kind, identifier)
        if found is None:
            raise NotFound
        return found

    def commit(
        self,
        work: Callable[[Transaction], Result],
        render: Callable[[Result], Model],
        person: PersonOf | None = None,
    ) -> Reply:
        """Runs one use case to its commit and answers with what it made, or with the first answer again. An
        answer that tells of a `person`, or that a worker was given, is kept as theirs."""
        outcome = run(
            self.runtime.store,
            self.cause,
            work,
            lambda result: self.recorded(render(result), person(result) if person else self.caller()),
        )
        if outcome.earlier is not None:
            return self.again(outcome.earlier)
        return Reply(render(outcome.result))  # type: ignore[arg-type]  # no earlier event: there is a result

    def caller(self) -> personal_answers.Person | None:
        """The worker who calls, with the salt that they had when first seen here."""
        if self.principal.role != Role.WORKER or not self.principal.id:
            return None
        salts, worker_id = self.runtime.worker_salts, self.principal.id
        if worker_id not in salts:
            found = self.runtime.store.read(Worker, worker_id)
            salts[worker_id] = (found[0].salt if found else None) or ""
        return personal_answers.Known(worker_id, salts[worker_id] or None)

    def page(
        self,
        listing: Listing[Row],
        key: str,
        render: Callable[[Row], Model],
        keep: Callable[[Row], bool] = lambda _: True,
    ) -> Reply:
        """One page of a list of aggregates."""
        reads = self.runtime.reads
        return self.page_of(
            f"{listing.name}#{key}",
            lambda limit, before: reads.page(listing, key, limit=limit, before=before, keep=keep),
            render,
        )

    def page_of(
        self,
        listed: str,
        read: Callable[[int, str | None], tuple[list[Row], str | None]],
        render: Callable[[Row], Model],
    ) -> Reply:
        """One page of whatever `read` gives for a limit and the position of the page before; `listed` names
        the list and whose it is, and `self.query` is a PageQuery. Raises InvalidCursor."""
        secret = self.runtime.settings.cursor_secret
        before = pages.read(self.query.cursor, listed=listed, secret=secret)
        rows, position = read(self.query.limit, before)
        cursor = pages.sign(position, listed=listed, secret=secret) if position else None
        return Reply(Page(data=[render(row) for row in rows], next_cursor=cursor))

    def recorded(self, model: Model, person: personal_answers.Person | None = None) -> Answer:
        """The answer as an event keeps it: without what is shown once, and as that of `person`."""
        hidden = model.model_copy(update=dict.fromkeys(model.shown_once))
        return personal_answers.of_person(Answer(self.status, hidden.model_dump_json()), person)

    def again(self, event: Event) -> Reply:
        """The first answer, byte for byte. Raises IdempotencyInProgress when there is none yet, Erased."""
        wanted = personal_answers.people_in(event)
        found = {one: self.runtime.store.read(kind, one) for one, kind in wanted.items()}
        people = {one: there[0] for one, there in found.items() if there is not None}
        return replay(personal_answers.opened(event, people))


class Page(Model):
    """`{"data": [...], "next_cursor": ...}`."""

    data: Sequence[Any]
    next_cursor: str | None


def replay(event: Event) -> Reply:
    """The answer that an event keeps. Raises IdempotencyInProgress when there is none yet."""
    if event.answer is None:
        raise IdempotencyInProgress("the first call with this key has not finished")
    return Reply(text=event.answer.body, status=event.answer.status, replayed=True)


@dataclass(frozen=True)
class Operation:
    """One row of the route table; the API's document is made from these.

    `open_to_suspended`: whoever is kept out may still do it. `heavy`: it reads much, and is limited
    further. `per_contract`: how often one caller may do it on the path's contract. `unlimited`: anonymous,
    and proven by its signature. `shows_personal_data`: of somebody whom the path names; that staff looked is
    kept. `media`: the content types an answer may have, the usual first. `moved`: the answer may be where a
    file is to be fetched. `along`: what it reads beside the objects that its path names, in the request that
    authenticates. `refuses`: with which statuses, besides those of other calls of its kind.
    """

    method: str
    path: str
    run: Callable[[Call[Any]], Reply]
    who: tuple[Role, ...]
    answer: type[BaseModel]
    body: type[BaseModel] = NoBody
    query: type[BaseModel] = NoQuery
    status: int = 200
    scope: str | None = None
    key_required: bool = False
    row: type[BaseModel] | None = None
    media: tuple[str, ...] = (JSON,)
    moved: bool = False
    refuses: tuple[int, ...] = ()
    open_to_suspended: bool = False
    heavy: bool = False
    per_contract: Limit | None = None
    unlimited: bool = False
    shows_personal_data: bool = False
    along: Told = reading_ahead.nothing

    @property
    def summary(self) -> str:
        """The first paragraph of the endpoint's docstring, on one line."""
        return " ".join((self.run.__doc__ or "").strip().partition("\n\n")[0].split())


@dataclass
class Routes:
    """The operations of one resource."""

    operations: list[Operation] = field(default_factory=list)

    def add(
        self, method: str, path: str, **options: Any
    ) -> Callable[[Callable[[Call[Any]], Reply]], Callable[[Call[Any]], Reply]]:
        """Registers an endpoint; `options` are the fields of Operation."""

        def register(view: Callable[[Call[Any]], Reply]) -> Callable[[Call[Any]], Reply]:
            self.operations.append(Operation(method, path, view, **options))
            return view

        return register
