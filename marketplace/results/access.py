"""Whose result it is: one that is not the caller's looks as if it did not exist."""

from marketplace.results.result import Result
from marketplace.shared.errors import NotFound
from marketplace.shared.transaction import Transaction


def own_result(result_id: str, client_id: str, tx: Transaction) -> Result:
    """The result if it was made for this client. Raises NotFound."""
    result = tx.get(Result, result_id)
    if result.client_id != client_id:
        raise NotFound
    return result
