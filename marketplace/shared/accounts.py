"""The chart of accounts: how accounts are named, which side they grow on, and where a balance is kept.

An account's id is `{owner}:{name}`. Client and worker accounts keep a guarded balance, changed in the
commit that posts to them. A contract's head says what its hold is, and the client's fee beside it; a payout's
what of it is in transit and at Stripe. Platform accounts are only ever folded from the journals, so that no
item is written by everybody.
"""

from collections.abc import Iterable, Mapping

from marketplace.shared.journal import Posting

STRIPE = "platform:stripe"
CONNECTED = "platform:connected"
BANK = "platform:bank"
SUSPENSE = "platform:suspense"
FEES = "platform:fees"
STRIPE_FEES = "platform:stripe_fees"
LOSSES = "platform:losses"

WITHDRAWN = "withdrawn"
"""No account, but a figure beside a worker's balances: all that ever went out and has not come back. Less
what payouts still own, it is what has reached the bank."""

PLATFORM = (STRIPE, CONNECTED, BANK, SUSPENSE, FEES, STRIPE_FEES, LOSSES)

BALANCE_MAX = 10**17
"""Minor units that one kept balance, or a figure beside it, may reach: sums of them stay exact in 64 bits,
and DynamoDB counts to 38 digits. A commit that goes beyond is refused whole."""

_ASSETS = frozenset({"receivable", "owed"})
_KEPT = ("client:", "worker:")
_OF_PAYOUTS = (":in_transit", ":at_stripe")


def client_owner(client_id: str) -> str:
    """Who owns a client's balances."""
    return f"client:{client_id}"


def worker_owner(worker_id: str) -> str:
    """Who owns a worker's balances."""
    return f"worker:{worker_id}"


def wallet(client_id: str) -> str:
    """Money that the client may spend."""
    return f"{client_owner(client_id)}:wallet"


def receivable(client_id: str) -> str:
    """What the client owes us after a chargeback."""
    return f"{client_owner(client_id)}:receivable"


def refunding(client_id: str) -> str:
    """On its way back to the client's card."""
    return f"{client_owner(client_id)}:refunding"


def reinstated(client_id: str) -> str:
    """What a won chargeback gave back, on its way to the contracts that it had been taken from."""
    return f"{client_owner(client_id)}:reinstated"


def contract_owner(contract_id: str) -> str:
    """Who owns a contract's hold."""
    return f"contract:{contract_id}"


def hold(contract_id: str) -> str:
    """Client money reserved for a contract."""
    return f"{contract_owner(contract_id)}:hold"


def client_fee(contract_id: str) -> str:
    """The client's fee on what the contract holds, reserved beside the hold until either goes."""
    return f"{contract_owner(contract_id)}:client_fee"


def available(worker_id: str) -> str:
    """Earned, approved and not yet withdrawn."""
    return f"{worker_owner(worker_id)}:available"


def is_available(account: str) -> bool:
    """Whether this is some worker's `available`."""
    return account.startswith("worker:") and account.endswith(":available")


def in_transit(worker_id: str) -> str:
    """Withdrawn, not yet known to be at Stripe."""
    return f"{worker_owner(worker_id)}:in_transit"


def at_stripe(worker_id: str) -> str:
    """In the worker's Stripe account, not yet at the bank."""
    return f"{worker_owner(worker_id)}:at_stripe"


def owed(worker_id: str) -> str:
    """What the worker owes us: pay that was taken back after it was withdrawn."""
    return f"{worker_owner(worker_id)}:owed"


def owner_and_name(account: str) -> tuple[str, str]:
    """`("client:cli_x", "wallet")` of `client:cli_x:wallet`."""
    owner, _, name = account.rpartition(":")
    return owner, name


def is_platform(account: str) -> bool:
    """Whether it is ours: posted to by everybody, and kept nowhere."""
    return account.startswith("platform:")


def is_kept(account: str) -> bool:
    """Whether a guarded balance item mirrors this account."""
    return account.startswith(_KEPT) and not is_of_payouts(account)


def is_of_payouts(account: str) -> bool:
    """Whether it is some worker's money on its way: the heads of their payouts own it, each its own part."""
    return account.startswith("worker:") and account.endswith(_OF_PAYOUTS)


def grown(name: str, *, debits: int, credits: int) -> int:  # noqa: A002  the ledger's own word
    """By how much an account of that name grows: assets by debits, liabilities by credits."""
    return debits - credits if name in _ASSETS else credits - debits


def kept_changes(currency: str, postings: Iterable[Posting]) -> dict[tuple[str, str, str], int]:
    """What `postings` add to the kept balances, by (owner, currency, name), in minor units."""
    changes: dict[tuple[str, str, str], int] = {}
    for posting in postings:
        if is_kept(posting.account):
            owner, name = owner_and_name(posting.account)
            more = grown(name, debits=posting.debit, credits=posting.credit)
            changes[owner, currency, name] = changes.get((owner, currency, name), 0) + more
    return changes


def owed_first(changes: Mapping[tuple[str, str, str], int]) -> list[tuple[str, str, str]]:
    """The debts, by (owner, currency, name), that must be nothing for these changes of balances: a client
    that owes us spends nothing, except to settle that."""
    debts = [
        (owner, currency, "receivable")
        for (owner, currency, name), change in changes.items()
        if name == "wallet" and change < 0
    ]
    return [debt for debt in debts if debt not in changes]
