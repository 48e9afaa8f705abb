"""What all contracts of a client hold together: one figure a currency, so that nobody adds up ten thousand
contracts to show a wallet. The settlements' consumer keeps it, behind the ledger.

    holds:{client}     the figures, an item of the balances table
    held|{contract}    a row for each event that was counted

Both are written in one transaction, so that an event that comes again, or late, counts once.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from marketplace.contracts.contract import Contract
from marketplace.shared.accounts import hold, owner_and_name
from marketplace.shared.events import Event
from marketplace.shared.journal import Journal
from marketplace.storage.models import BalanceItem, TrailItem
from marketplace.storage.store import DynamoStore
from marketplace.storage.trail import ProjectionThrottled

HELD = "held"
ATTEMPTS_MAX = 6
BACKOFF_FIRST_SECONDS = 0.01
_COUNTED = "ConditionalCheckFailed"


def count(store: DynamoStore, events: Iterable[Event]) -> None:
    """Adds what each event moved into contracts' holds and out of them, once.

    Raises LookupError, StoreSilent, and ProjectionThrottled when too many count for one client at the same
    instant: then the event comes again.
    """
    for event in events:
        if event.journal is not None:
            for contract_id, change in _changes(event.journal).items():
                _count(store, event.id, contract_id, event.journal.currency, change)


def held(store: DynamoStore, client_id: str) -> dict[str, int]:
    """Currency to minor units, as far as events have been counted."""
    found = store.balances(_owner(client_id))
    return {currency: figures[HELD] for currency, figures in found.items() if figures[HELD]}


def _changes(journal: Journal) -> dict[str, int]:
    """Contract to what its hold gained, minor units."""
    gained: Counter[str] = Counter()
    for posting in journal.postings:
        owner, _ = owner_and_name(posting.account)
        contract_id = owner.partition(":")[2]
        if posting.account == hold(contract_id):
            gained[contract_id] += posting.credit - posting.debit
    return {contract_id: change for contract_id, change in gained.items() if change}


def _count(store: DynamoStore, event_id: str, contract_id: str, currency: str, change: int) -> None:
    found = store.read(Contract, contract_id)
    if found is None:
        raise LookupError(contract_id)
    row = TrailItem(f"{HELD}|{contract_id}", event_id, body="{}")
    figure = NumberAttribute(attr_name=f"{currency}_{HELD}")
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            with TransactWrite(connection=store.connection) as transaction:
                transaction.save(row, condition=TrailItem.about.does_not_exist())
                transaction.update(BalanceItem(_owner(found[0].client_id)), actions=[figure.add(change)])
        except TransactWriteError as refused:
            if any(reason and reason.code == _COUNTED for reason in refused.cancellation_reasons):
                return
            if attempt == ATTEMPTS_MAX:
                raise ProjectionThrottled("a client's figure is too busy") from refused
            time.sleep(random.uniform(0, BACKOFF_FIRST_SECONDS * 2**attempt))  # noqa: S311  spreads retries
        else:
            return


def _owner(client_id: str) -> str:
    return f"holds:{client_id}"
