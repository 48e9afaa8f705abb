"""What becomes of a rating that its person does not accept."""

from typing import Any, Literal

from chalicelib.api.appeals import AppealView, Words, appealed, person_of
from chalicelib.api.ratings import RatingView, rating_view
from chalicelib.api.workers import own_identity_id
from chalicelib.http import ANYONE_SIGNED_IN, BOTH_SIDES, OPERATOR, Call, Reply, Routes
from chalicelib.types import Instant, Model
from marketplace.access.principals import Role
from marketplace.appeals import use_cases
from marketplace.appeals.use_cases import JudgeRating
from marketplace.contracts.contract import Contract
from marketplace.reputation.rating import OTHER_SIDE, Rating, RemovalCode
from marketplace.shared.errors import NotFound

routes = Routes()

Code = Literal["abusive", "personal_data", "not_about_the_work", "coerced", "false", "legal", "other"]


class Objection(Model):
    """Why the rating should not stand."""

    reason: Words


class Removing(Model):
    """Why the rating is taken out; both its sides may read it."""

    reason_code: Code
    reason: Words


class Upholding(Model):
    """Why the rating stays."""

    reason: Words


class RemovalView(Model):
    """Why, when and by which human a rating was taken out."""

    reason_code: Code
    reason: str
    removed_by: str
    removed_at: Instant


class RatingDetail(RatingView):
    """A rating, with its removal if there was one: then it counts for nothing and stands in no list, unless
    it was put back on appeal, at `restored_at`; why it had gone is then told to its sides alone."""

    removal: RemovalView | None
    restored_at: Instant | None


def rating_detail(rating: Rating) -> RatingDetail:
    """A rating for its sides and for operators."""
    return RatingDetail(
        **dict(rating_view(rating)), removal=_removal_view(rating), restored_at=rating.restored_at
    )


@routes.add(
    "GET",
    "/v1/ratings/{rating_id}",
    who=ANYONE_SIGNED_IN,
    answer=RatingDetail,
    open_to_suspended=True,
    shows_personal_data=True,
)
def get_rating(call: Call[Any]) -> Reply:
    """One rating: a public one for anybody, a removed one for its sides, a hidden one for who gave it."""
    rating = call.get(Rating, _rating_id(call))
    detail = rating_detail(rating)
    if (rating.is_public and rating.removal is None) or _is_concerned(call, rating):
        return Reply(detail)
    if not rating.is_public:
        raise NotFound
    return Reply(detail.model_copy(update={"removal": None}))


@routes.add(
    "POST",
    "/v1/ratings/{rating_id}/appeal",
    who=BOTH_SIDES,
    scope="work",
    body=Objection,
    answer=AppealView,
    status=201,
    open_to_suspended=True,
)
def appeal_rating(call: Call[Objection]) -> Reply:
    """Asks an operator to take out a rating about the caller."""
    return appealed(call, _rating_id(call), call.body.reason)


@routes.add("POST", "/v1/ratings/{rating_id}/remove", who=OPERATOR, body=Removing, answer=RatingDetail)
def remove_rating(call: Call[Removing]) -> Reply:
    """Takes a rating out; an open appeal against it is granted by this."""
    body = call.body
    command = JudgeRating(
        _rating_id(call),
        call.principal.actor,
        own_identity_id(call),
        body.reason,
        RemovalCode(body.reason_code),
    )
    return call.commit(
        lambda tx: use_cases.remove_rating(command, tx),
        rating_detail,
        person=lambda rating: person_of(call, rating.about),
    )


@routes.add("POST", "/v1/ratings/{rating_id}/uphold", who=OPERATOR, body=Upholding, answer=RatingDetail)
def uphold_rating(call: Call[Upholding]) -> Reply:
    """Lets a rating stand: the open appeal against it is denied."""
    command = JudgeRating(_rating_id(call), call.principal.actor, own_identity_id(call), call.body.reason)
    return call.commit(
        lambda tx: use_cases.uphold_rating(command, tx),
        rating_detail,
        person=lambda rating: person_of(call, rating.about),
    )


def _rating_id(call: Call[Any]) -> str:
    """The path's rating. Raises NotFound when the id is malformed."""
    return call.id("rating_id", "rat")


def _is_concerned(call: Call[Any], rating: Rating) -> bool:
    """Who gave it; whom it is about, once it has been shown; and operators."""
    if call.principal.role == Role.OPERATOR:
        return True
    if call.principal.id == rating.about:
        return rating.revealed
    contract = call.find(Contract, rating.contract_id)
    sides = {"client": "client_id", "worker": "worker_id"}
    if contract is None or rating.side not in OTHER_SIDE:
        return False
    return bool(getattr(contract, sides[rating.side]) == call.principal.id)


def _removal_view(rating: Rating) -> RemovalView | None:
    gone = rating.removal
    if gone is None:
        return None
    return RemovalView(
        reason_code=gone.reason_code.value, reason=gone.reason, removed_by=gone.by, removed_at=gone.at
    )
