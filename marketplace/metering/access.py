"""Whose session it is: one that is not the caller's looks as if it did not exist."""

from marketplace.metering.session import Session
from marketplace.shared.errors import NotFound
from marketplace.shared.transaction import Transaction


def own_session(
    session_id: str, tx: Transaction, *, worker_id: str | None = None, client_id: str | None = None
) -> Session:
    """The session if it is this side's. Raises NotFound."""
    session = tx.get(Session, session_id)
    if worker_id not in (None, session.worker_id) or client_id not in (None, session.client_id):
        raise NotFound
    return session
