"""Who plays what comes back to cards: clients who have what the card's bank wants, and clients who do not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from marketplace.contracts.fee_schedules import NOTICE_SECONDS
from marketplace.funding.chargeback import chargeback_id
from marketplace.shared.outcomes import known
from tests.bench import Bench, Person
from tests.dashboard import Dashboard
from tests.people import usd

DISPUTED = 1_000
CLIENT_FEE = 100
"""Cents; what a client pays on top of `DISPUTED` under `FEES`."""
FEES = {"basis_points": 1_000, "client_basis_points": 1_000}
NO_CLIENT_FEES = {"basis_points": 1_000}


@dataclass
class Cards:
    """`payer` has money left; each of the debtors has one contract, and owes what it holds. In `dear` the
    client pays the worker, and a fee on top."""

    bench: Bench
    client: Person
    worker: Person
    dear: str = field(init=False)
    payer: Person = field(init=False)
    top_up: str = field(init=False)
    debtors: dict[str, Person] = field(init=False)
    contracts: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.payer = self.bench.client()
        self.top_up, _ = self.paid(self.payer, 100 * DISPUTED)
        names = ("taken", "given back", "written off", "settled")
        self.debtors = {name: self.bench.client() for name in names}
        self.paid(self.debtors["taken"], CLIENT_FEE)
        self.contracts = {"settled": self.bench.by_milestones(self.debtors["settled"], self.worker, DISPUTED)}
        self.hire("given back", "written off")
        with self.fees_on_top():
            self.hire("taken")
            self.dear = self.bench.by_milestones(self.client, self.worker, DISPUTED)

    def hire(self, *names: str) -> None:
        """Contracts that can hold these debtors' money."""
        self.contracts |= {name: self.bench.by_minutes(self.debtors[name], self.worker) for name in names}

    @contextmanager
    def fees_on_top(self) -> Iterator[None]:
        """Whoever hires meanwhile pays some."""
        self.fees(FEES)
        yield
        self.fees(NO_CLIENT_FEES)

    def fees(self, body: dict[str, int]) -> None:
        """These are in effect from now on."""
        self.bench.person("operator").post("fee-schedules", body)
        self.bench.pass_time(NOTICE_SECONDS)

    def paid(self, client: Person, amount: int = DISPUTED) -> tuple[str, str]:
        """The ids of a top-up that is in the wallet, and of its payment at Stripe."""
        top_up = client.post("wallet/top-ups", {"amount": usd(amount)})
        intent = str(top_up["payment_intent"])
        self.bench.stripe.pay(intent)
        self.bench.told_by_stripe("payment_intent.succeeded", intent, top_up_id=top_up["id"])()
        return str(top_up["id"]), intent

    def disputed(self, client: Person) -> str:
        """The bank takes a new top-up back, and nobody has heard of it: the dispute at Stripe."""
        _, intent = self.paid(client)
        return str(self.bench.stripe.dispute(intent)["id"])

    def owed(self, name: str) -> str:
        """A debtor's contract holds what the bank wants back: the dispute at Stripe."""
        client, contract = self.debtors[name], self.contracts[name]
        _, intent = self.paid(client)
        client.post(f"contracts/{contract}/fund", {"amount": usd(DISPUTED)})
        dispute = str(self.bench.stripe.dispute(intent)["id"])
        self.told("created", dispute)
        return dispute

    def told(self, what: str, dispute: str) -> None:
        """Stripe says how a dispute stands."""
        self.bench.told_by_stripe(f"charge.dispute.{what}", dispute)()

    def settled(self, dispute: str, *, won: bool) -> None:
        """The bank has decided, and everybody knows."""
        self.bench.stripe.settle_dispute(dispute, won=won)
        self.told("closed", dispute)

    def to_our_bank(self, method: str = "standard") -> str:
        """Somebody sends money there, in Stripe's dashboard: the payout."""
        dashboard = Dashboard(self.bench.runtime.settings)
        self.bench.stripe.change_bank(dashboard.account(), "usd", instant=True)
        return dashboard.pay_out(DISPUTED, method)

    def chargeback(self, dispute: str) -> str:
        """The id that we know a dispute by."""
        return chargeback_id(known(self.bench.runtime.stripe.disputes.dispute(dispute)))

    def refund(self, top_up: str) -> str:
        """Some of it shall go back to the card."""
        body = {"top_up_id": top_up, "amount": usd(DISPUTED)}
        return str(self.payer.post("wallet/refunds", body)["id"])
