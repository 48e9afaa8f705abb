"""Workers' profiles."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.http import ANYONE_SIGNED_IN, WORKER, Call, PersonOf, Reply, Routes
from chalicelib.types import LIST_MAX, SHORT_TEXT_MAX, Country, Given, Instant, Line, Model, printable
from marketplace.people import use_cases
from marketplace.people.use_cases import CreateWorker, UpdateWorker
from marketplace.people.workers import Identity, Skill, Worker, identity_id
from marketplace.shared.errors import NotFound
from marketplace.storage.personal_answers import Person

routes = Routes()


class SkillBody(Model):
    """`level` is 1 (beginner) to 5 (expert)."""

    name: Line
    level: Annotated[int, Field(ge=1, le=5)]


Languages = Annotated[list[Line], Field(max_length=LIST_MAX)]
Skills = Annotated[list[SkillBody], Field(max_length=LIST_MAX)]
Headline = Annotated[
    str, StringConstraints(max_length=SHORT_TEXT_MAX, strip_whitespace=True), AfterValidator(printable)
]
"""May be empty: a newcomer need not have one yet."""


class NewWorker(Model):
    """The caller's own profile."""

    name: Line
    country: Country
    languages: Languages
    skills: Skills
    headline: Headline


class WorkerChanges(Model):
    """What is left out stays as it is."""

    name: Annotated[Line | None, Given] = None
    country: Annotated[Country | None, Given] = None
    languages: Annotated[Languages | None, Given] = None
    skills: Annotated[Skills | None, Given] = None
    headline: Annotated[Headline | None, Given] = None


class WorkerView(Model):
    """The public profile."""

    id: str
    object: Literal["worker"] = "worker"
    name: str
    country: str
    languages: list[str]
    skills: list[SkillBody]
    headline: str
    created_at: Instant


def worker_view(worker: Worker) -> WorkerView:
    """A profile as anyone signed in may see it."""
    return WorkerView(
        id=worker.id,
        name=worker.name,
        country=worker.country,
        languages=list(worker.languages),
        skills=[SkillBody(name=skill.name, level=skill.level) for skill in worker.skills],
        headline=worker.headline,
        created_at=worker.created_at,
    )


def own_worker_id(call: Call[Any]) -> str:
    """The calling worker's id. Raises NotFound before the profile is made."""
    if not call.principal.id:
        raise NotFound("make your profile first: POST /v1/workers")
    return call.principal.id


def own_identity_id(call: Call[Any]) -> str:
    """The id of the calling person's identity, whatever their role."""
    return identity_id(call.runtime.settings.identity_issuer, call.principal.subject)


def worker_behind(call: Call[Any]) -> str | None:
    """The id of the worker that the calling member of the staff is as well, if they are."""
    found = call.runtime.store.read(Identity, own_identity_id(call))
    return None if found is None else found[0].worker_id


def worker_of(call: Call[Any]) -> PersonOf:
    """Of whom an answer tells that is about a worker's thing."""

    def person(told: Any) -> Person | None:
        found = call.runtime.store.read(Worker, told.worker_id)
        return None if found is None else found[0]

    return person


@routes.add("POST", "/v1/workers", who=WORKER, body=NewWorker, answer=WorkerView, status=201)
def create_worker(call: Call[NewWorker]) -> Reply:
    """Creates the caller's own profile."""
    body = call.body
    command = CreateWorker(
        worker_id=call.runtime.new_id("wrk"),
        identity_id=own_identity_id(call),
        name=body.name,
        country=body.country,
        languages=tuple(body.languages),
        skills=_skills(body.skills),
        headline=body.headline,
    )
    return call.commit(
        lambda tx: use_cases.create_worker(command, tx), worker_view, person=lambda worker: worker
    )


@routes.add("GET", "/v1/workers/me", who=WORKER, answer=WorkerView, open_to_suspended=True)
def get_own_worker(call: Call[Any]) -> Reply:
    """The caller's own profile."""
    return _profile(call, own_worker_id(call))


@routes.add("PATCH", "/v1/workers/me", who=WORKER, body=WorkerChanges, answer=WorkerView)
def update_worker(call: Call[WorkerChanges]) -> Reply:
    """Changes the caller's own profile."""
    body = call.body
    command = UpdateWorker(
        worker_id=own_worker_id(call),
        name=body.name,
        country=body.country,
        languages=None if body.languages is None else tuple(body.languages),
        skills=None if body.skills is None else _skills(body.skills),
        headline=body.headline,
    )
    return call.commit(
        lambda tx: use_cases.update_worker(command, tx), worker_view, person=lambda worker: worker
    )


@routes.add("GET", "/v1/workers/{worker_id}", who=ANYONE_SIGNED_IN, answer=WorkerView)
def get_worker(call: Call[Any]) -> Reply:
    """A worker's public profile."""
    return _profile(call, call.id("worker_id", "wrk"))


def _profile(call: Call[Any], worker_id: str) -> Reply:
    return Reply(worker_view(call.get(Worker, worker_id)))


def _skills(skills: list[SkillBody]) -> tuple[Skill, ...]:
    return tuple(Skill(skill.name, skill.level) for skill in skills)
