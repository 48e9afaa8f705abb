"""What a client owes after chargebacks: settled out of what comes into the wallet, or written off.

While something is owed nothing can be spent out of the wallet, in the same currency: that is a condition of
every commit that spends (`accounts.owed_first`).
"""

from marketplace.funding.chargeback import Chargeback
from marketplace.funding.chargebacks import about
from marketplace.ledger import postings
from marketplace.shared.accounts import client_owner
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class WriteOff:
    """A person of finance says why the client will not pay; `beside` are the client's other chargebacks in
    the same currency whose money may come back."""

    chargeback_id: str
    reason: str
    beside: tuple[str, ...] = ()


def settle_receivable(client_id: str, currency: str, tx: Transaction) -> None:
    """What is in the wallet pays what is owed, as far as it goes.

    Raises InsufficientFunds when either changed since it was read here: then it is worth another look.
    """
    owner = client_owner(client_id)
    balances = tx.store.balances(owner).get(currency, {})
    amount = min(balances.get("wallet", 0), balances.get("receivable", 0))
    if amount > 0:
        tx.post(currency, "receivable settled", postings.receivable_settled(client_id, amount))
        tx.publish(EventType.RECEIVABLE_SETTLED, about=(client_id,))


def write_off(command: WriteOff, tx: Transaction) -> Chargeback:
    """What is still owed of a lost chargeback becomes a loss of ours.

    What the client has paid since may have paid for any of its chargebacks. Money that comes back of another
    one settles what is owed first, and is the client's where nothing is: so what others may still bring back
    of the debt is not written off before they are decided.

    Raises NotFound, IllegalTransition unless it is lost and something of it is owed.
    """
    chargeback = tx.get(Chargeback, command.chargeback_id)
    currency = chargeback.amount.currency
    owed = tx.store.balances(client_owner(chargeback.client_id)).get(currency, {}).get("receivable", 0)
    uncovered = chargeback.withdrawal.uncovered if chargeback.withdrawal else 0
    others = [tx.get(Chargeback, other) for other in command.beside]
    amount = min(owed - sum(other.may_settle for other in others), uncovered)
    lost = chargeback.written_off(amount)
    if amount <= 0:
        raise IllegalTransition("nothing of it is owed that no other chargeback of the client may settle")
    tx.save(lost)
    tx.post(currency, "write-off", postings.written_off(chargeback.client_id, amount))
    tx.publish(
        EventType.CHARGEBACK_WRITTEN_OFF, about=about(chargeback), reason=command.reason, by=tx.cause.actor
    )
    return lost
