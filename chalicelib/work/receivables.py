"""What follows for a client's debts and contested contracts: from an event, in small pieces.

A client may have ten thousand contracts, so they are looked at a page a message; the next page is asked for
by an event. Whatever is done has a name of its own: twice is once.
"""

from collections.abc import Callable, Iterator
from functools import partial

from marketplace.contracts import freezing
from marketplace.funding import contested_holds
from marketplace.funding.chargeback import Chargeback, ChargebackStatus
from marketplace.funding.receivables import settle_receivable
from marketplace.runtime import Runtime
from marketplace.shared.accounts import client_owner, owner_and_name
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import CONTESTING_CHARGEBACKS, HOLDING_CONTRACTS, TAKEN_HOLDS

ACTOR = "chargebacks"
CONTRACTS_PER_MESSAGE = 25

_COLLECT = (EventType.CHARGEBACK_WITHDRAWN, EventType.CHARGEBACK_COLLECTING)
_RELEASE = (EventType.CHARGEBACK_REINSTATED, EventType.CHARGEBACK_RELEASING)
_TASKS = (*_COLLECT, *_RELEASE, EventType.CHARGEBACK_CLOSED, EventType.CHARGEBACK_DUE)


class HoldsLeft(RuntimeError):
    """The list does not show all contested contracts yet; the message is tried again."""


def concerns(event: Event) -> bool:
    """Whether anything may follow from `event`."""
    return event.type in _TASKS or bool(_debtors(event))


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again; events that mean nothing here are left alone."""
    for client_id, currency in _debtors(event):
        _settle(event, client_id, currency, runtime)
    if event.type not in _TASKS:
        return
    chargeback = existing(runtime.store, Chargeback, event.about[0])
    if event.type in _COLLECT or event.type == EventType.CHARGEBACK_DUE:
        _collect(event, chargeback, runtime)
    if event.type in _RELEASE:
        _release(event, chargeback, runtime)
    elif chargeback.status == ChargebackStatus.LOST:
        _release_if_settled(event, chargeback.client_id, chargeback.amount.currency, runtime)


def _debtors(event: Event) -> list[tuple[str, str]]:
    """(client, currency) of those whose wallet was filled, or whose debt has changed."""
    return list(dict.fromkeys(_touched(event)))


def _touched(event: Event) -> Iterator[tuple[str, str]]:
    for posting in event.journal.postings if event.journal else ():
        owner, name = owner_and_name(posting.account)
        if (name == "wallet" and posting.credit) or name == "receivable":
            yield owner.removeprefix("client:"), event.journal.currency if event.journal else ""


def _settle(event: Event, client_id: str, currency: str, runtime: Runtime) -> None:
    """What came into the wallet pays what is owed; what is owed no more frees the contracts."""
    balances = runtime.store.balances(client_owner(client_id)).get(currency, {})
    owed = balances.get("receivable", 0)
    if owed and balances.get("wallet", 0):
        name = f"{event.id}:{client_id}:settled"
        _commit(event, runtime, name, partial(settle_receivable, client_id, currency))
    elif not owed and "receivable" in balances:
        _release_if_settled(event, client_id, currency, runtime)


def _collect(event: Event, chargeback: Chargeback, runtime: Runtime) -> None:
    """A page of the client's contracts, the newest first: there least has been worked for."""
    if not contested_holds.still_wanted(chargeback):
        return
    page, after = runtime.reads.page(
        HOLDING_CONTRACTS,
        chargeback.client_id,
        limit=CONTRACTS_PER_MESSAGE,
        before=event.details.get("after"),
    )
    for contract in page:
        if contract.currency == chargeback.amount.currency and freezing.open_to(contract):
            name = f"{chargeback.id}:{contract.id}:taken"
            _commit(event, runtime, name, partial(contested_holds.take_hold, chargeback.id, contract.id))
    if after is not None and contested_holds.still_wanted(existing(runtime.store, Chargeback, chargeback.id)):
        name = f"{event.id}:search:{after}"
        _commit(event, runtime, name, partial(contested_holds.search_on, chargeback.id, after))


def _release_if_settled(event: Event, client_id: str, currency: str, runtime: Runtime) -> None:
    """Where nothing is owed any more, contracts of lost chargebacks go on without what was taken."""
    if runtime.store.balances(client_owner(client_id)).get(currency, {}).get("receivable", 0):
        return
    for chargeback in runtime.reads.every(CONTESTING_CHARGEBACKS, client_id):
        if chargeback.amount.currency == currency and chargeback.status == ChargebackStatus.LOST:
            _release(event, chargeback, runtime, first=True)


def _release(event: Event, chargeback: Chargeback, runtime: Runtime, *, first: bool = False) -> None:
    """A page of the contracts that were taken from, and after the last page what an earlier one did not show
    yet. Raises HoldsLeft."""
    if chargeback.withdrawal is None or not chargeback.withdrawal.contracts:
        return
    before = None if first else event.details.get("after")
    page, after = runtime.reads.page(TAKEN_HOLDS, chargeback.id, limit=CONTRACTS_PER_MESSAGE, before=before)
    for taken in page:
        name = f"{taken.id}:released"
        _commit(event, runtime, name, partial(contested_holds.release_hold, taken.id))
    if after is not None:
        name = f"{event.id}:{chargeback.id}:release:{after}"
        _commit(event, runtime, name, partial(contested_holds.release_on, chargeback.id, after))
        return
    left = existing(runtime.store, Chargeback, chargeback.id)
    if left.withdrawal is None or not left.withdrawal.contracts:
        return
    if before is None:
        raise HoldsLeft(chargeback.id)
    _release(event, left, runtime, first=True)


def _commit(event: Event, runtime: Runtime, name: str, work: Callable[[Transaction], object]) -> None:
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
