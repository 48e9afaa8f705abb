"""Ratings: what both sides of a completed contract say about each other."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.contract_access import side
from chalicelib.http import ANYONE_SIGNED_IN, BOTH_SIDES, Call, Page, PersonOf, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Line, Model, Prose
from marketplace.access.clients import Client
from marketplace.access.principals import Role
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.people.workers import Worker
from marketplace.reputation import use_cases
from marketplace.reputation.rating import DIMENSIONS_MAX, HIGHEST, LOWEST, Dimension, Rating
from marketplace.reputation.use_cases import GiveRating
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import RATINGS_ABOUT

COMMENT_MAX = 2_000

routes = Routes()

Stars = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]


class NewRating(Model):
    """`overall` and each of `dimensions`, which bear names of the rater's choice, are 1 to 5."""

    overall: Stars
    dimensions: Annotated[dict[Line, Stars], Field(max_length=DIMENSIONS_MAX)] = {}
    comment: Annotated[Prose, Field(max_length=COMMENT_MAX)] = ""


class RatingView(Model):
    """A rating; `from` is the side that gave it."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    object: Literal["rating"] = "rating"
    contract_id: str
    rater: Annotated[Literal["client", "worker"], Field(serialization_alias="from")]
    overall: int
    dimensions: dict[str, int]
    comment: str
    revealed: bool
    created_at: Instant


class DimensionMean(Model):
    """The plain mean of the scores that ratings gave under one name."""

    name: str
    count: int
    mean: float


class PromptnessView(Model):
    """Stars for how fast so many `pieces` of work were paid, by recency."""

    pieces: int
    stars: float


class ReputationView(Model):
    """`rating_mean` is the plain mean, null without ratings; `score` is weighed against a common start and
    by recency. `promptness` is how fast a client has paid, null before it has, and for workers."""

    person_id: str
    object: Literal["reputation"] = "reputation"
    rating_count: int
    rating_mean: float | None
    score: float
    dimensions: list[DimensionMean]
    promptness: PromptnessView | None


def rating_view(rating: Rating) -> RatingView:
    """A rating for an answer."""
    return RatingView(
        id=rating.id,
        contract_id=rating.contract_id,
        rater="client" if rating.side == "client" else "worker",
        overall=rating.overall,
        dimensions={dimension.name: dimension.score for dimension in rating.dimensions},
        comment=rating.comment,
        revealed=rating.revealed,
        created_at=rating.created_at,
    )


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/ratings",
    who=BOTH_SIDES,
    scope="work",
    body=NewRating,
    answer=RatingView,
    status=201,
)
def give_rating(call: Call[NewRating]) -> Reply:
    """Rates the other side, once; hidden until both have rated or the window has closed."""
    body = call.body
    command = GiveRating(
        contract_id=call.id("contract_id", "con"),
        side=side(call),
        position=call.runtime.new_id("rat"),
        overall=body.overall,
        dimensions=tuple(Dimension(name, score) for name, score in body.dimensions.items()),
        comment=body.comment,
    )
    return call.commit(lambda tx: use_cases.give_rating(command, tx), rating_view, _rated(call))


def _rated(call: Call[Any]) -> PersonOf | None:
    """Of whom it tells: the worker, who is rated or rates."""
    if call.principal.role == Role.WORKER:
        return None

    def person(rating: Rating) -> Worker | None:
        found = call.runtime.store.read(Worker, rating.about)
        return None if found is None else found[0]

    return person


@routes.add(
    "GET",
    "/v1/workers/{worker_id}/ratings",
    who=ANYONE_SIGNED_IN,
    query=PageQuery,
    answer=Page,
    row=RatingView,
)
def list_worker_ratings(call: Call[Any]) -> Reply:
    """The ratings about a worker that are shown."""
    return call.page(RATINGS_ABOUT, _worker_id(call), rating_view)


@routes.add(
    "GET",
    "/v1/clients/{client_id}/ratings",
    who=ANYONE_SIGNED_IN,
    query=PageQuery,
    answer=Page,
    row=RatingView,
)
def list_client_ratings(call: Call[Any]) -> Reply:
    """The ratings about a client that are shown."""
    return call.page(RATINGS_ABOUT, _client_id(call), rating_view)


@routes.add("GET", "/v1/workers/{worker_id}/reputation", who=ANYONE_SIGNED_IN, answer=ReputationView)
def get_worker_reputation(call: Call[Any]) -> Reply:
    """A worker's reputation."""
    return _reputation(call, _worker_id(call))


@routes.add("GET", "/v1/clients/{client_id}/reputation", who=ANYONE_SIGNED_IN, answer=ReputationView)
def get_client_reputation(call: Call[Any]) -> Reply:
    """A client's reputation."""
    return _reputation(call, _client_id(call))


def _worker_id(call: Call[Any]) -> str:
    return _existing(call, Worker, call.id("worker_id", "wrk"))


def _client_id(call: Call[Any]) -> str:
    return _existing(call, Client, call.id("client_id", "cli"))


def _existing(call: Call[Any], kind: type[Worker | Client], identifier: str) -> str:
    if call.runtime.store.read(kind, identifier) is None:
        raise NotFound
    return identifier


def _promptness(standing: Standing) -> PromptnessView | None:
    paid = standing.promptness
    return None if paid is None else PromptnessView(pieces=paid.pieces, stars=float(paid.mean))


def _reputation(call: Call[Any], person_id: str) -> Reply:
    found = call.runtime.store.read(Standing, standing_id(person_id))
    return Reply(reputation_view(found[0] if found else unrated(person_id), call.now))


def reputation_view(standing: Standing, now: int) -> ReputationView:
    """What ratings come to at `now`, for an answer."""
    return ReputationView(
        person_id=standing.person_id,
        rating_count=standing.count,
        rating_mean=None if standing.mean is None else float(standing.mean),
        score=float(standing.score_at(now)),
        dimensions=[
            DimensionMean(name=row.name, count=row.count, mean=float(row.mean))
            for row in standing.dimensions or ()
        ],
        promptness=_promptness(standing),
    )
