"""A stake: the money of one piece of work that is not paid yet, and may be divided.

    held ──contested──> reserved ──decided──> to_worker: the worker's net, and our fee
                            │                 the rest: stays reserved until it is `given_back`
                            └──freed──> as it was before

Amounts are minor units of the contract's currency, gross of the fee.
"""

from typing import Any, Protocol

from marketplace.contracts import clocking
from marketplace.contracts.contract import Contract
from marketplace.shared.transaction import Transaction
from marketplace.work.terms import PayModel


class Stake(Protocol):
    """The money of one piece of work of `contract`."""

    @property
    def contract(self) -> Contract:
        """As it stands after what was done here."""
        ...

    @property
    def amount(self) -> int:
        """What is not paid yet."""
        ...

    @property
    def price(self) -> int:
        """What the whole of it costs, paid or not."""
        ...

    @property
    def is_done(self) -> bool:
        """Whether the worker has handed it in, and it was not turned down."""
        ...

    @property
    def ground(self) -> str:
        """In which state of the work this is: each is another reason to disagree."""
        ...

    def contested(self, by: str, at: int) -> "Stake":
        """Set aside, until `by` decides. Raises IllegalTransition, InsufficientFunds."""
        ...

    def freed(self, at: int) -> "Stake":
        """As it was before. Raises IllegalTransition where it cannot be so any more."""
        ...

    def decided(self, to_worker: int, at: int) -> "Stake":
        """The work is done with; `to_worker` leaves the hold, the rest stays set aside. Raises
        IllegalTransition."""
        ...

    def on(self, contract: Contract) -> "Stake":
        """The same, of a contract with which something else was done."""
        ...

    @property
    def earlier(self) -> int:
        """What was paid of the same piece before: its fee is rounded once."""
        ...

    def stage(self, tx: Transaction) -> None:
        """Saves what was done here."""
        ...


def given_back(contract: Contract, rest: int, *, at: int) -> Contract:
    """`rest` that was set aside is free again, also for a session that runs at `at`; where nothing could use
    it, since the contract has ended or each milestone has money of its own, it goes on to the wallet."""
    free = contract.with_reserved(-rest)
    if contract.ended_at is None and contract.pay.model != PayModel.MILESTONE:
        return clocking.lengthened(free, at)
    return free.with_returned(rest)


def save_contract(contract: Contract, tx: Transaction) -> None:
    """Saves it if it has changed."""
    if tx.find(Contract, contract.id) != contract:
        tx.save(contract)


def save_all(contract: Contract, tx: Transaction, *heads: Any) -> None:
    """Saves the heads, and the contract if it has changed."""
    save_contract(contract, tx)
    tx.save(*heads)
