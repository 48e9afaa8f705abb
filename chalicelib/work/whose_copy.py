"""What somebody's copy is made of."""

from collections.abc import Sequence

from chalicelib.work import client_copies, copies
from chalicelib.work.copying import Leg
from marketplace.shared.ids import prefix_of

CLIENT_PREFIX = "cli"


def legs_of(owner_id: str) -> Sequence[Leg]:
    """A client's, or a worker's."""
    return client_copies.LEGS if prefix_of(owner_id) == CLIENT_PREFIX else copies.LEGS
