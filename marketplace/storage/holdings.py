"""What all contracts of a client hold together, and the fees on that: two figures a currency, so that nobody
adds up ten thousand contracts to show a wallet. The settlements' consumer keeps them, behind the ledger.

    holds:{client}     the figures, an item of the balances table
    held|{contract}    a row for each event that was counted

Both are written in one transaction, so that an event that comes again, or late, counts once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from marketplace.contracts.contract import Contract
from marketplace.shared.accounts import client_fee, hold, owner_and_name
from marketplace.shared.events import Event
from marketplace.shared.existing import existing
from marketplace.shared.journal import Journal
from marketplace.shared.patience import Patience
from marketplace.shared.records import dataclass
from marketplace.storage.models import BalanceItem, TrailItem
from marketplace.storage.store import DynamoStore
from marketplace.storage.trail import ProjectionThrottled

HELD = "held"
FEES_HELD = "fees_held"
FIGURES = (HELD, FEES_HELD)
PATIENCE = Patience(attempts_max=6, first_seconds=0.02, longest_seconds=0.4)
_COUNTED = "ConditionalCheckFailed"


@dataclass(frozen=True)
class Holdings:
    """Minor units: what contracts hold, and the client's fees on that, reserved beside it."""

    held: int = 0
    fees: int = 0


NOTHING_HELD = Holdings()


def count(store: DynamoStore, events: Iterable[Event]) -> None:
    """Adds what each event moved into contracts' holds and out of them, and of the fees beside, once.

    Raises LookupError, StoreSilent, and ProjectionThrottled when too many count for one client at the same
    instant: then the event comes again.
    """
    for event in events:
        if event.journal is not None:
            for contract_id, changes in _changes(event.journal).items():
                _count(store, event.id, contract_id, event.journal.currency, changes)


def held(store: DynamoStore, client_id: str) -> dict[str, Holdings]:
    """What there is of each currency, as far as events have been counted."""
    return of_currencies(store.balances(owner(client_id)))


def of_currencies(found: Mapping[str, Mapping[str, int]]) -> dict[str, Holdings]:
    """The same from the balances of the `owner`, where they were read already."""
    sums = {currency: Holdings(row.get(HELD, 0), row.get(FEES_HELD, 0)) for currency, row in found.items()}
    return {currency: there for currency, there in sums.items() if there != NOTHING_HELD}


def _changes(journal: Journal) -> dict[str, Counter[str]]:
    """Contract to what each figure gains by it, minor units."""
    gained: dict[str, Counter[str]] = defaultdict(Counter)
    for posting in journal.postings:
        owner, _ = owner_and_name(posting.account)
        contract_id = owner.partition(":")[2]
        figure = {hold(contract_id): HELD, client_fee(contract_id): FEES_HELD}.get(posting.account)
        if figure is not None:
            gained[contract_id][figure] += posting.credit - posting.debit
    return {contract_id: changes for contract_id, changes in gained.items() if any(changes.values())}


def _count(
    store: DynamoStore, event_id: str, contract_id: str, currency: str, changes: Mapping[str, int]
) -> None:
    contract = existing(store, Contract, contract_id)
    row = TrailItem(f"{HELD}|{contract_id}", event_id, body="{}")
    figures: list[Action] = [
        NumberAttribute(attr_name=f"{currency}_{name}").add(change)
        for name, change in changes.items()
        if change
    ]
    refusal: TransactWriteError | None = None
    for _ in PATIENCE.attempts():
        try:
            with TransactWrite(connection=store.connection) as transaction:
                transaction.save(row, condition=TrailItem.about.does_not_exist())
                transaction.update(BalanceItem(owner(contract.client_id)), actions=figures)
        except TransactWriteError as refused:
            if any(reason and reason.code == _COUNTED for reason in refused.cancellation_reasons):
                return
            refusal = refused
        else:
            return
    raise ProjectionThrottled("a client's figure is too busy") from refusal


def owner(client_id: str) -> str:
    """Whose balances the figures of a client are."""
    return f"holds:{client_id}"
