"""Stripe behind its ports: balances, what was made there, and webhooks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.funding.ports import CardPayment, ChargeFee, OpenedPayment
from marketplace.payouts.ports import BankPayout, InstantFee, TransferReversal
from marketplace.people.ports import AccountState, OnboardingLink
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused
from tests.fakes.stripe_line import StripeLine

BANK_SECONDS = 2 * 86_400
INSTANT_SECONDS = 1_800
LINK_SECONDS = 300
FEE = 59


@dataclass(frozen=True)
class Transfer:
    id: str
    payout_id: str
    attempt: int
    amount: Money


@dataclass
class FakeStripe(StripeLine):
    """Implements the ports of payments, accounts, the rail and the books at once."""

    available_now: Counter[str] = field(default_factory=Counter)
    transfers: list[Transfer] = field(default_factory=list)
    bank: dict[str, tuple[str, BankPayout]] = field(default_factory=dict)
    accounts: dict[str, AccountState] = field(default_factory=dict)
    payments: dict[str, CardPayment] = field(default_factory=dict)
    asked: dict[str, Money] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    connected: int = 0
    sent_to_bank: dict[str, int] = field(default_factory=dict)
    fetched_back: list[tuple[str, TransferReversal]] = field(default_factory=list)
    instant: set[str] = field(default_factory=set)
    _made: int = 0

    # what our product calls

    def open_payment(
        self, *, key: str, top_up_id: str, client_id: str, amount: Money
    ) -> Outcome[OpenedPayment]:
        def effect() -> Outcome[OpenedPayment]:
            if amount.amount < 50:
                return Refused("amount_too_small", "Amount must be at least 0.50 usd", "amount")
            made = self._new("pi")
            self.asked[made] = amount
            self.payments[made] = CardPayment(
                made, succeeded=False, received=Money(0, amount.currency), charge="", top_up_id=top_up_id
            )
            return Done(OpenedPayment(made, f"{made}_secret"))

        return self._keyed("open_payment", key, effect)

    def find_payment(
        self, *, top_up_id: str, asked_at: int, until: int | None = None
    ) -> Outcome[OpenedPayment | None]:
        made = [row.payment_intent for row in self.payments.values() if row.top_up_id == top_up_id]
        return self._read(
            "find_payment", lambda: OpenedPayment(made[0], f"{made[0]}_secret") if made else None
        )

    def payment(self, payment_intent: str) -> Outcome[CardPayment]:
        return self._read("payment", lambda: self.payments[payment_intent])

    def fee_of(self, charge: str) -> Outcome[ChargeFee | None]:
        (payment,) = [row for row in self.payments.values() if row.charge == charge]
        fee = ChargeFee(f"txn_{charge}", charge, Money(FEE, payment.received.currency), payment.top_up_id)
        return self._read("fee_of", lambda: fee)

    def open_account(self, *, key: str, worker_id: str, country: str) -> Outcome[AccountState]:
        def effect() -> Outcome[AccountState]:
            made = self._new("acct")
            self.accounts[made] = AccountState(
                made, payouts_enabled=False, requirements=("individual.dob",), worker_id=worker_id
            )
            return Done(self.accounts[made])

        return self._keyed("open_account", key, effect)

    def find_account(self, *, worker_id: str, country: str, since: int) -> Outcome[AccountState | None]:
        found = [row for row in self.accounts.values() if row.worker_id == worker_id]
        return self._read("find_account", lambda: found[-1] if found else None)

    def account(self, stripe_account: str) -> Outcome[AccountState]:
        return self._read("account", lambda: self.accounts[stripe_account])

    def onboarding_link(self, stripe_account: str) -> Outcome[OnboardingLink]:
        link = OnboardingLink(f"https://connect.example/{self._new('link')}", self.clock.now() + LINK_SECONDS)
        return self._read("onboarding_link", lambda: link)

    def send_transfer(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money
    ) -> Outcome[str]:
        def effect() -> Outcome[str]:
            if self.available_now[amount.currency] < amount.amount:
                return Refused("balance_insufficient", "insufficient available funds")
            self.available_now[amount.currency] -= amount.amount
            made = Transfer(self._new("tr"), payout_id, attempt, amount)
            self.transfers.append(made)
            self.connected += amount.amount
            self._tell("transfer.created", "", made.id, payout_id, attempt)
            return Done(made.id)

        return self._keyed("send_transfer", key, effect)

    def find_transfer(self, payout_id: str) -> Outcome[str | None]:
        return self._read(
            "find_transfer",
            lambda: next((row.id for row in self.transfers if row.payout_id == payout_id), None),
        )

    def send_to_bank(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money, instant: bool = False
    ) -> Outcome[BankPayout]:
        def effect() -> Outcome[BankPayout]:
            if self.connected < amount.amount:
                return Refused("balance_insufficient", "insufficient funds in the account")
            self.connected -= amount.amount
            arrives_at = self.clock.now() + (INSTANT_SECONDS if instant else BANK_SECONDS)
            made = BankPayout(self._new("po"), "pending", arrives_at, payout_id, attempt)
            self.sent_to_bank[made.id] = amount.amount
            if instant:
                self.instant.add(made.id)
            self.bank[made.id] = (account, made)
            return Done(made)

        return self._keyed("send_to_bank", key, effect)

    def reverse_transfer(
        self, *, key: str, transfer: str, payout_id: str, attempt: int, amount: Money
    ) -> Outcome[TransferReversal]:
        def effect() -> Outcome[TransferReversal]:
            return self.fetch_back(transfer, amount.amount, attempt)

        return self._keyed("reverse_transfer", key, effect)

    def reversals(self, transfer: str) -> Outcome[tuple[TransferReversal, ...]]:
        found = tuple(row for whose, row in self.fetched_back if whose == transfer)
        return self._read("reversals", lambda: found)

    def instant_fees(self, bank_payout_id: str) -> Outcome[tuple[InstantFee, ...]]:
        row = self.bank[bank_payout_id][1]
        asked = [InstantFee(f"txn_{row.id}", Money(FEE, "USD"))] if row.id in self.instant else []
        back = [InstantFee(f"txn_{row.id}_back", Money(-FEE, "USD"))] if asked and row.has_failed else []
        return self._read("instant_fees", lambda: (*asked, *back))

    def find_bank_payout(
        self, *, account: str, payout_id: str, attempt: int, since: int
    ) -> Outcome[BankPayout | None]:
        wanted = (account, payout_id, attempt)
        return self._read(
            "find_bank_payout",
            lambda: next(
                (r for owner, r in self.bank.values() if (owner, r.payout_id, r.attempt) == wanted), None
            ),
        )

    def bank_payout(self, *, account: str, bank_payout_id: str) -> Outcome[BankPayout]:
        return self._read("bank_payout", lambda: self.bank[bank_payout_id][1])

    def available(self) -> Outcome[dict[str, int]]:
        return self._read("available", lambda: dict(self.available_now))

    def balance_transactions(self, created_from: int, created_to: int) -> Iterator[Any]:
        return iter(())

    # what others do there

    def pay(self, payment_intent: str) -> None:
        """The card holder pays."""
        charge, asked = self._new("ch"), self.asked[payment_intent]
        paid = replace(self.payments[payment_intent], succeeded=True, received=asked, charge=charge)
        self.payments[payment_intent] = paid
        self.told.append(self._note("payment_intent.succeeded", "", payment_intent, top_up_id=paid.top_up_id))
        self.told.append(self._note("charge.updated", "", charge))

    def fund(self, currency: str, amount: int) -> None:
        """Card money becomes available."""
        self.available_now[currency] += amount
        self.told.append(self._note("balance.available", "", ""))

    def fetch_back(self, transfer: str, amount: int, attempt: int = 0) -> Outcome[TransferReversal]:
        """Money of a transfer comes back: by our call, or in Stripe's dashboard."""
        (row,) = [one for one in self.transfers if one.id == transfer]
        before = sum(one.amount for whose, one in self.fetched_back if whose == transfer)
        if before + amount > row.amount.amount:
            return Refused("", "more than is left of the transfer")
        if amount > self.connected:
            return Refused("balance_insufficient", "insufficient funds in the account")
        self.connected -= amount
        self.available_now[row.amount.currency] += amount
        made = TransferReversal(self._new("trr"), amount, self.clock.now(), attempt)
        self.fetched_back.append((transfer, made))
        self._tell("transfer.reversed", "", transfer, row.payout_id, row.attempt)
        return Done(made)

    def verify(self, account: str) -> None:
        """The owner completes the account."""
        self.accounts[account] = replace(self.accounts[account], payouts_enabled=True, requirements=())
        self.told.append(
            self._note("account.updated", account, account, worker_id=self.accounts[account].worker_id)
        )

    def arrive(self) -> None:
        """What the banks have by now."""
        self._catch_up()
        for identifier, (_, row) in self.bank.items():
            if row.state == "pending" and row.arrives_at <= self.clock.now():
                self._end(identifier, "paid")

    def fail(self, bank_payout_id: str, code: str = "account_closed") -> None:
        """The bank returns it."""
        self._end(bank_payout_id, "failed", code)

    def _end(self, identifier: str, state: str, code: str = "") -> None:
        account, row = self.bank[identifier]
        if state == "failed":
            self.connected += self.sent_to_bank[identifier]
        self.bank[identifier] = (account, replace(row, state=state, failure_code=code))
        self._tell(f"payout.{state}", account, identifier, row.payout_id, row.attempt)

    def _tell(self, kind: str, account: str, identifier: str, payout_id: str, attempt: int) -> None:
        self.told.append(self._note(kind, account, identifier, payout_id=payout_id, attempt=str(attempt)))

    def _note(self, kind: str, account: str, identifier: str, **marks: str) -> dict[str, str]:
        stripe_id = self._new("evt")
        return {
            "stripe_id": stripe_id,
            "stripe_type": kind,
            "account": account,
            "object_id": identifier,
            **marks,
        }

    def _new(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}_{self._made:06d}"
