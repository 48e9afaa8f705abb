"""Law 8: a reputation is what was said about somebody, and how they paid, computed from scratch."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from marketplace.contracts.promptness import PIECES_TOLD, TOLD
from marketplace.people.standing import standing_id, unrated
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from tests.simulation.world import World

PAYMENTS = (
    EventType.MILESTONE_APPROVED,
    EventType.SESSION_APPROVED,
    EventType.SESSION_DISPUTED,
    EventType.SESSION_CORRECTED,
    EventType.RESULT_ACCEPTED,
)
MACHINES = ("gold", "agreement")


def reputations_are_what_was_said(world: World) -> Iterator[str]:
    """Each shown rating counts once."""
    said: dict[str, list[int]] = defaultdict(list)
    for rating in world.heads("rat"):
        if not rating.revealed:
            yield f"{rating.id} is still hidden"
        said[rating.about] += [] if rating.is_removed else [rating.overall]
    for person, stars in said.items():
        found: Any = world.store.heads.get(standing_id(person))
        if found is None or (found[1].count, found[1].total) != (len(stars), sum(stars)):
            yield f"{person} was rated {stars}, and stands at {found}"


def promptness_is_how_clients_paid(world: World) -> Iterator[str]:
    """Whatever a client, or its silence, has paid on any contract counts once, also after its end; of
    one that runs, some pieces are still to be told."""
    untold: Counter[str] = Counter()
    expected = {con.client_id: unrated(con.client_id) for con in world.heads("con")}
    for event in world.store.events.values():
        if event.type in PAYMENTS and event.details.get("by") not in MACHINES:
            untold[_contract_of(event)] += 1
        pieces = dict(enumerate(event.details.get(TOLD, ()), start=1))
        if pieces:
            untold[_contract_of(event)] -= sum(pieces.values())
            client = world.head(_contract_of(event)).client_id
            expected[client] = expected[client].with_payments(pieces, at=event.at)
    for con in world.heads("con"):
        counts = sum(con.promptness or ())
        if untold[con.id] != counts or counts >= (1 if con.ended_at is not None else PIECES_TOLD):
            yield f"{con.id} has {untold[con.id]} pieces to tell, and counts {counts}"
    for client, standing in expected.items():
        found: Any = world.store.heads.get(standing_id(client))
        if (found[1].promptness if found else None) != standing.promptness:
            yield f"{client} has paid {standing.promptness}, and is known for {found}"


def _contract_of(event: Event) -> str:
    return next((name for name in event.about if prefix_of(name) == "con"), "")


REPUTATIONS: tuple[Callable[[World], Iterator[str]], ...] = (
    reputations_are_what_was_said,
    promptness_is_how_clients_paid,
)
