"""Builders for who pays and gets what, in memory: contracts paid by milestones, with any fees and shares."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from marketplace.contracts import endings, funding, milestones
from marketplace.contracts.access import Side
from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import REVIEW_SECONDS, Contract, ContractStatus
from marketplace.contracts.endings import PayBonus, StepContract
from marketplace.contracts.fees import FeeTerms, Tier
from marketplace.contracts.funding import FundMilestone
from marketplace.contracts.milestone import Milestone
from marketplace.contracts.milestones import OwnMilestone, SubmitMilestone
from marketplace.contracts.shares import AgencyShares
from marketplace.ledger.totals import Totals
from marketplace.people.agency import MemberShare
from marketplace.shared import accounts
from marketplace.shared.accounts import client_owner, worker_owner
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.work.terms import Pay, PayModel
from tests.fakes.memory_store import MemoryStore

BEGIN = 1_000_000
WALLET = 10**18

Value = TypeVar("Value")


def terms(*tiers: tuple[int, int], **more: Any) -> FeeTerms:
    """`tiers` are (above, basis points)."""
    return FeeTerms("fee_1", tuple(Tier(*tier) for tier in tiers) or None, **more)


def agency(**shares: int) -> AgencyShares:
    """`ada=6_000` is sixty per cent for `wrk_ada`."""
    rows = tuple(MemberShare(f"wrk_{name}", basis_points) for name, basis_points in shares.items())
    return AgencyShares("agn_1", 1, rows)


@dataclass
class Deal:
    """One client, one worker (`wrk_ada`), and as many contracts as are signed."""

    basis_points: int = 1_000
    fees: FeeTerms | None = None
    agency: AgencyShares | None = None
    currency: str = "USD"
    store: MemoryStore = field(default_factory=MemoryStore)
    client_id: str = field(default_factory=lambda: new_id("cli"))
    worker_id: str = "wrk_ada"

    def __post_init__(self) -> None:
        self.store.kept[client_owner(self.client_id), self.currency, "wallet"] = WALLET
        self.first = self.sign()

    def sign(self) -> str:
        """A further contract; its id."""
        contract = Contract(
            id=new_id("con"),
            task_id=new_id("task"),
            bid_id=new_id("bid"),
            client_id=self.client_id,
            worker_id=self.worker_id,
            title="Work",
            pay=Pay(PayModel.MILESTONE, budget=Money(1, self.currency)),
            fee_basis_points=self.basis_points,
            review_seconds=REVIEW_SECONDS[PayModel.MILESTONE],
            created_at=BEGIN,
            offer_ends_at=BEGIN,
            status=ContractStatus.ACTIVE,
            fees=self.fees,
            agency=self.agency,
        )
        self.commit(lambda tx: tx.save(contract))
        return contract.id

    def commit(self, work: Callable[[Transaction], Value]) -> Value:
        """One use case."""
        cause = Cause(new_id("evt"), "test", "req", BEGIN, repeatable=False)
        return run(self.store, cause, work, pause=lambda _: None).result  # type: ignore[return-value]

    def fund(self, amount: int, contract_id: str = "") -> str:
        """A milestone of that amount, funded; its id."""
        name = contract_id or self.first
        row = Milestone(new_id("mil"), "Part", amount)
        contract = self.contract(name)
        self.commit(
            lambda tx: tx.save(replace(tx.get(Contract, name), milestones=(*contract.milestones, row)))
        )
        self.commit(lambda tx: funding.fund_milestone(FundMilestone(name, row.id, self.client_id), tx))
        return row.id

    def approve(self, milestone_id: str, contract_id: str = "") -> Contract:
        """Handed in and paid."""
        name = contract_id or self.first
        command = SubmitMilestone(name, milestone_id, self.worker_id, "", ())
        self.commit(lambda tx: milestones.submit_milestone(command, tx))
        own = OwnMilestone(name, milestone_id, self.client_id)
        return self.commit(lambda tx: milestones.approve_milestone(own, tx))

    def pay(self, amount: int, contract_id: str = "") -> int:
        """Funds and releases so much; what it added to our fees."""
        before = self.fees_earned
        self.approve(self.fund(amount, contract_id), contract_id)
        return self.fees_earned - before

    def drop(self, milestone_id: str) -> Contract:
        """A funded milestone is cancelled."""
        own = OwnMilestone(self.first, milestone_id, self.client_id)
        return self.commit(lambda tx: milestones.cancel_milestone(own, tx))

    def bonus(self, amount: int) -> None:
        command = PayBonus(self.first, self.client_id, new_id("bon"), Money(amount, self.currency), "thanks")
        self.commit(lambda tx: endings.pay_bonus(command, tx))

    def end(self, step: str = "complete") -> Contract:
        command = StepContract(self.first, Side(client_id=self.client_id), step)
        return self.commit(lambda tx: endings.end_contract(command, tx))

    def contract(self, contract_id: str = "") -> Contract:
        found = self.store.read(Contract, contract_id or self.first)
        assert found is not None
        contract: Contract = found[0]
        return contract

    def available(self, name: str = "ada") -> int:
        """What a worker may withdraw."""
        return self.store.kept[worker_owner(f"wrk_{name}"), self.currency, "available"]

    @property
    def totals(self) -> Totals:
        return Totals.of(event.journal for event in self.store.events.values() if event.journal)

    def balance(self, account: str) -> int:
        """Credits less debits."""
        sides = self.totals.of_account(account).get(self.currency)
        return -sides.balance if sides else 0

    @property
    def fees_earned(self) -> int:
        return self.balance(accounts.FEES)

    @property
    def fee_held(self) -> int:
        """The client's fee that is reserved for the first contract."""
        return self.balance(accounts.client_fee(self.first))

    @property
    def spent(self) -> int:
        """What has left the wallet."""
        return WALLET - self.store.kept[client_owner(self.client_id), self.currency, "wallet"]

    @property
    def billed(self) -> int:
        """What tiers go by."""
        found = self.store.read(Billing, billing_id(self.contract()))
        return found[0].billed if found else 0
