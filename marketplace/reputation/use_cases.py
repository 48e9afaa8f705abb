"""Rating, revealing, and folding what is revealed into reputations."""

from collections.abc import Iterable, Mapping

from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.reputation.rating import OTHER_SIDE, Dimension, Rating, rating_id, window_closes_at
from marketplace.shared.events import EventType
from marketplace.shared.private import ERASED
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


class StandingUnclear(LookupError):
    """The ratings that were found are not those that were counted; look again later."""


@dataclass(frozen=True)
class GiveRating:
    """`position` is a fresh id: lists of ratings are ordered by it."""

    contract_id: str
    side: Side
    position: str
    overall: int
    dimensions: tuple[Dimension, ...] = ()
    comment: str = ""


def give_rating(command: GiveRating, tx: Transaction) -> Rating:
    """The second of a contract's two ratings reveals both.

    Raises NotFound, AlreadyExists, IllegalTransition.
    """
    contract = own_contract(command.contract_id, command.side, tx)
    side = command.side.name
    rating = Rating(
        id=rating_id(contract.id, side),
        contract_id=contract.id,
        side=side,
        about=contract.worker_id if side == "client" else contract.client_id,
        overall=command.overall,
        dimensions=command.dimensions,
        comment=command.comment,
        created_at=tx.now,
        position=command.position,
        reveals_at=window_closes_at(contract, side, tx.now),
    )
    other = tx.find(Rating, rating_id(contract.id, OTHER_SIDE[side]))
    rated = (rating,) if other is None else (rating.shown(), other.shown())
    tx.save(*rated, replace(contract, rated_by=(*contract.rated_by, side)))
    tx.publish(EventType.RATING_GIVEN, about=(*(each.id for each in rated), contract.id))
    return rated[0]


def wake_rating(identifier: str, tx: Transaction) -> None:
    """The window has closed and the other side said nothing: the rating is shown."""
    rating = tx.due(Rating, identifier)
    if rating is None:
        return
    tx.save(rating.shown())
    tx.publish(EventType.RATING_REVEALED, about=(rating.id, rating.contract_id))


def fold_rating(identifier: str, tx: Transaction) -> Standing | None:
    """Counts a rating that is shown; None while it is hidden.

    The cause's event must derive from the rating, so that it counts once however often it is told. One that
    is removed by now is counted all the same: `unfold_rating` takes it out again, whichever is told first.
    """
    rating = tx.get(Rating, identifier)
    if not rating.revealed:
        return None
    standing = standing_of(rating.about, tx).with_rating(rating.overall, rating.scores, at=rating.created_at)
    return _changed(standing, rating.id, tx)


def unfold_rating(identifier: str, tx: Transaction) -> Standing:
    """Takes a removed rating out, after it was counted; the cause's event must derive from the rating."""
    rating = tx.get(Rating, identifier)
    before = standing_of(rating.about, tx)
    return _changed(before.without_rating(rating.overall, rating.scores, at=rating.created_at), rating.id, tx)


def fold_promptness(contract_id: str, payments: Mapping[int, int], at: int, tx: Transaction) -> Standing:
    """Counts so many pieces by stars, which an event of `at` has told of; the cause's event must derive from
    that one."""
    contract = tx.get(Contract, contract_id)
    return _changed(standing_of(contract.client_id, tx).with_payments(payments, at=at), contract.id, tx)


def weigh_ratings(person_id: str, counted: Iterable[Rating], tx: Transaction) -> Standing | None:
    """A standing of before ratings had weights, computed from the ratings that it counts; None for one that
    has them. Raises StandingUnclear where these are not what it counts: a list that lags shows too few."""
    standing = standing_of(person_id, tx)
    if not standing.lacks_weights:
        return None
    weighed = replace(unrated(person_id), promptness=standing.promptness)
    for rating in counted:
        weighed = weighed.with_rating(rating.overall, rating.scores, at=rating.created_at)
    if (weighed.count, weighed.total) != (standing.count, standing.total):
        raise StandingUnclear(person_id)
    return _changed(weighed, standing.id, tx)


def forget_rating(identifier: str, tx: Transaction) -> None:
    """Who is rated, or who rated, is forgotten: the words go; the figures stay, since they were counted.
    Raises NotFound."""
    rating = tx.get(Rating, identifier)
    removal = rating.removal and replace(rating.removal, reason=ERASED)
    tx.forget(replace(rating, comment="", removal=removal))


def standing_of(person_id: str, tx: Transaction) -> Standing:
    """The person's standing, as it begins if there is none."""
    return tx.find(Standing, standing_id(person_id)) or unrated(person_id)


def _changed(standing: Standing, cause_id: str, tx: Transaction) -> Standing:
    tx.save(standing)
    tx.publish(EventType.REPUTATION_CHANGED, about=(standing.person_id, cause_id))
    return standing
