"""What Stripe says of a chargeback, one commit each: how it stands, and what its bank took and gave back."""

from marketplace.funding.chargeback import OVER, Chargeback, chargeback_id
from marketplace.funding.ports import CardDispute, DisputeMovement
from marketplace.funding.top_up import TopUp
from marketplace.ledger import postings
from marketplace.shared.accounts import client_owner
from marketplace.shared.events import EventType
from marketplace.shared.transaction import Transaction


def record_dispute(seen: CardDispute, position: str, tx: Transaction) -> Chargeback:
    """Whoever hears of it first makes it; older news changes nothing. Raises NotFound without its top-up."""
    found = tx.find(Chargeback, chargeback_id(seen))
    if found is None:
        top_up = tx.get(TopUp, seen.top_up_id)
        opened = Chargeback.opened(seen, client_id=top_up.client_id, position=position, at=tx.now)
        tx.save(opened)
        event = EventType.CHARGEBACK_CLOSED if opened.status in OVER else EventType.CHARGEBACK_OPENED
        tx.publish(event, about=about(opened), status=opened.status)
        return opened
    told = found.seen(seen, tx.now)
    if told is not found:
        tx.save(told)
        closed = told.status in OVER and found.status != told.status
        event = EventType.CHARGEBACK_CLOSED if closed else EventType.CHARGEBACK_UPDATED
        tx.publish(event, about=about(told), status=told.status)
    return told


def withdraw_funds(identifier: str, movement: DisputeMovement, tx: Transaction) -> None:
    """The whole amount leaves the ledger at once: out of the wallet as far as that goes, the rest is owed.

    Raises NotFound; InsufficientFunds when the client spent since the balance was read here: then it is
    worth another look.
    """
    chargeback = tx.get(Chargeback, identifier)
    if chargeback.withdrawal is not None:
        return
    amount, currency = -movement.amount, chargeback.amount.currency
    balances = tx.store.balances(client_owner(chargeback.client_id)).get(currency, {})
    wallet = 0 if balances.get("receivable", 0) else min(amount, balances.get("wallet", 0))
    top_up = tx.get(TopUp, chargeback.top_up_id)
    tx.save(chargeback.withdrawn(amount, wallet=wallet, at=tx.now), top_up.with_returned(charged_back=amount))
    tx.post(
        currency,
        "chargeback",
        postings.charged_back(chargeback.client_id, wallet=wallet, receivable=amount - wallet),
        references=(movement.balance_transaction, chargeback.dispute),
    )
    tx.publish(EventType.CHARGEBACK_WITHDRAWN, about=about(chargeback))


def reinstate_funds(identifier: str, movement: DisputeMovement, tx: Transaction) -> None:
    """The bank gave money back: what contracts lost is on its way to them, then what is still owed is
    settled, then what was written off; what the client has paid in the meantime is theirs.

    Raises NotFound; InsufficientFunds as `withdraw_funds` does.
    """
    chargeback = tx.get(Chargeback, identifier)
    withdrawal = chargeback.withdrawal
    if withdrawal is None or not chargeback.is_contested:
        return
    amount, currency = movement.amount, chargeback.amount.currency
    balances = tx.store.balances(client_owner(chargeback.client_id)).get(currency, {})
    holds = min(amount, withdrawal.contested)
    receivable = min(amount - holds, withdrawal.uncovered, balances.get("receivable", 0))
    losses = min(amount - holds - receivable, withdrawal.written_off)
    top_up = tx.get(TopUp, chargeback.top_up_id)
    tx.save(chargeback.reinstated(holds=holds, at=tx.now), top_up.with_returned(charged_back=-amount))
    tx.post(
        currency,
        "chargeback reversed",
        postings.reinstated(
            chargeback.client_id,
            holds=holds,
            receivable=receivable,
            losses=losses,
            wallet=amount - holds - receivable - losses,
        ),
        references=(movement.balance_transaction, chargeback.dispute),
    )
    tx.publish(EventType.CHARGEBACK_REINSTATED, about=about(chargeback))


def wake_chargeback(identifier: str, tx: Transaction) -> None:
    """Its clock: somebody looks how it stands."""
    chargeback = tx.find(Chargeback, identifier)
    if chargeback is None or chargeback.looks_at is None or chargeback.looks_at > tx.now:
        return
    tx.save(chargeback.looked_at(tx.now))
    tx.publish(EventType.CHARGEBACK_DUE, about=about(chargeback))


def about(chargeback: Chargeback) -> tuple[str, ...]:
    """Whose history an event of it belongs to."""
    return (
        chargeback.id,
        chargeback.client_id,
        chargeback.top_up_id,
        chargeback.dispute,
        chargeback.charge,
    )
