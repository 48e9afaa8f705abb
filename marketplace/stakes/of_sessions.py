"""The money of a session's minutes that are not paid yet: its end has set it aside already."""

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import save_all


@dataclass(frozen=True)
class SessionStake:
    """Implements `Stake`; `paid` is what was paid of the session before, gross."""

    contract: Contract
    session: Session
    paid: int

    @property
    def amount(self) -> int:
        """Minor units."""
        return self.session.rest

    @property
    def price(self) -> int:
        """Minor units."""
        return self.session.gross

    @property
    def is_done(self) -> bool:
        """Whether it was handed in, and not turned down."""
        return not self.session.is_running

    @property
    def ground(self) -> str:
        """Before and after the client has disputed its minutes."""
        return self.session.status

    def contested(self, by: str, at: int) -> "SessionStake":
        """Raises IllegalTransition."""
        return replace(self, session=self.session.contested(by, at))

    def freed(self, at: int) -> "SessionStake":
        """Also when the contract has ended: its money stays reserved."""
        return replace(self, session=self.session.freed(at))

    def decided(self, to_worker: int, at: int) -> "SessionStake":
        """Raises IllegalTransition."""
        del at
        contract = self.contract.with_reserved_paid(to_worker)
        return replace(self, contract=contract, session=self.session.decided(to_worker))

    def on(self, contract: Contract) -> "SessionStake":
        """Of a contract with which something else was done."""
        return replace(self, contract=contract)

    @property
    def earlier(self) -> int:
        """Minor units."""
        return self.paid

    def stage(self, tx: Transaction) -> None:
        """The session, and the contract if money moved."""
        save_all(self.contract, tx, self.session)


def stake_of(contract: Contract, session: Session) -> SessionStake:
    """The unpaid money of a session."""
    return SessionStake(contract, session, session.paid)
