"""Stripe behind its ports: payments, accounts, transfers, bank payouts, its own books, and webhooks."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.funding.ports import CardDispute, CardPayment, CardRefund, ChargeFee, OpenedPayment
from marketplace.gateways.stripe_books import BalanceTransaction
from marketplace.payouts.ports import BankPayout, TransferReversal
from marketplace.people.ports import AccountState
from marketplace.shared.clock import Clock
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown
from marketplace.treasury.own_payouts import OwnLine
from tests.simulation.faults import ASK, Outside
from tests.simulation.stripe_accounts import Accounts
from tests.simulation.stripe_keys import StripeKeys
from tests.simulation.stripe_notes import Note
from tests.simulation.stripe_own_payouts import PayoutsOfOurs
from tests.simulation.stripe_returns import CardReturns
from tests.simulation.stripe_reversals import INSTANT_MAX, INSTANT_SECONDS, TransferReturns

BANK_SECONDS = 2 * 86_400
CLEARS_SECONDS = 86_400
CHARGE_MINIMUM = 50
RETURNED_SECONDS = 5 * 86_400
"""So long after it was due to arrive a bank may return it."""
SINCE_SLACK_SECONDS = 600
"""As the gateway widens what it lists by time."""
UNEXPLAINED = "adj"
"""How what Stripe moves by itself is named."""


@dataclass(frozen=True)
class Transfer:
    id: str
    payout_id: str
    account: str
    amount: Money
    created: int


@dataclass
class StripeModel(Accounts, CardReturns, PayoutsOfOurs, TransferReturns):
    """Implements all ports at once: payments, refunds, disputes, accounts, the rail and the books;
    `overlooked` is how often a list did not show yet what was there; `withheld` webhooks come late."""

    outside: Outside
    clock: Clock
    skew: int = 0
    lists_lag: int = 0
    made: int = 0
    overlooked: int = 0
    balance: Counter[str] = field(default_factory=Counter)
    clearing: list[tuple[int, str, int]] = field(default_factory=list)
    connected: Counter[tuple[str, str]] = field(default_factory=Counter)
    intents: dict[str, tuple[Money, CardPayment, int]] = field(default_factory=dict)
    accounts: dict[str, tuple[AccountState, str, int]] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    bank: dict[str, tuple[str, Money, BankPayout, int]] = field(default_factory=dict)
    lines: dict[str, BalanceTransaction] = field(default_factory=dict)
    refunded: dict[str, tuple[CardRefund, str, int]] = field(default_factory=dict)
    disputed: dict[str, tuple[CardDispute, int, bool]] = field(default_factory=dict)
    reversed: dict[str, tuple[str, TransferReversal]] = field(default_factory=dict)
    own: dict[str, tuple[int, tuple[OwnLine, ...]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    withheld: list[Note] = field(default_factory=list)
    keys: StripeKeys = field(default_factory=StripeKeys)

    def now(self) -> int:
        """Stripe's clock, which is not ours; a request that was under way lands at its own instant."""
        return (self.clock.now() if self.keys.landing is None else self.keys.landing) + self.skew

    # payments

    def open_payment(
        self, *, key: str, top_up_id: str, client_id: str, amount: Money
    ) -> Outcome[OpenedPayment]:
        def effect() -> Outcome[OpenedPayment]:
            if amount.amount < CHARGE_MINIMUM:
                return Refused("amount_too_small", "the amount is too small", "amount")
            intent = self._id("pi")
            payment = CardPayment(
                intent, succeeded=False, received=Money(0, amount.currency), charge="", top_up_id=top_up_id
            )
            self.intents[intent] = (amount, payment, self.now())
            return Done(OpenedPayment(intent, f"{intent}_secret"))

        return self.keys.send(self, key, (top_up_id, client_id, amount), effect)

    def find_payment(
        self, *, top_up_id: str, asked_at: int, until: int | None = None
    ) -> Outcome[OpenedPayment | None]:
        last = (asked_at if until is None else until) + SINCE_SLACK_SECONDS

        def value() -> OpenedPayment | None:
            for intent, (_, payment, created) in self.intents.items():
                asked_for = payment.top_up_id == top_up_id and created <= last
                if asked_for and self._listed(created, asked_at):
                    return OpenedPayment(intent, f"{intent}_secret")
            return None

        return self._ask(value)

    def payment(self, payment_intent: str) -> Outcome[CardPayment]:
        return self._ask(lambda: self.intents[payment_intent][1])

    def fee_of(self, charge: str) -> Outcome[ChargeFee | None]:
        def value() -> ChargeFee:
            payment = next(row for _, row, _ in self.intents.values() if row.charge == charge)
            line = self.lines[f"txn_{charge}"]
            return ChargeFee(line.id, charge, Money(line.fee, line.currency), payment.top_up_id)

        return self._ask(value)

    # the rail

    def send_transfer(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money
    ) -> Outcome[str]:
        def effect() -> Outcome[str]:
            if self.balance[amount.currency] < amount.amount:
                return Refused("balance_insufficient", "insufficient available funds")
            made = Transfer(self._id("tr"), payout_id, account, amount, self.now())
            self.transfers[made.id] = made
            self.balance[amount.currency] -= amount.amount
            self.connected[account, amount.currency] += amount.amount
            self._book(made.id, -amount.amount, 0, amount.currency)
            self._tell("transfer.created", "", made.id, payout_id=payout_id, attempt=str(attempt))
            return Done(made.id)

        return self.keys.send(self, key, (payout_id, attempt, account, amount), effect)

    def find_transfer(self, payout_id: str) -> Outcome[str | None]:
        def value() -> str | None:
            rows = self.transfers.values()
            return next((r.id for r in rows if r.payout_id == payout_id and self._listed(r.created)), None)

        return self._ask(value)

    def send_to_bank(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money, instant: bool = False
    ) -> Outcome[BankPayout]:
        def effect() -> Outcome[BankPayout]:
            if instant and amount.amount > INSTANT_MAX:
                return Refused("instant_payouts_limit_exceeded", "too much for today")
            if self.connected[account, amount.currency] < amount.amount:
                return Refused("balance_insufficient", "insufficient funds in the account")
            self.connected[account, amount.currency] -= amount.amount
            arrives_at = self.now() + (INSTANT_SECONDS if instant else BANK_SECONDS)
            row = BankPayout(self._id("po"), "pending", arrives_at, payout_id, attempt)
            self.bank[row.id] = (account, amount, row, self.now())
            if instant:
                self._ask_fee(row.id, amount)
            return Done(row)

        return self.keys.send(self, key, (payout_id, attempt, account, amount, instant), effect)

    def find_bank_payout(
        self, *, account: str, payout_id: str, attempt: int, since: int
    ) -> Outcome[BankPayout | None]:
        def value() -> BankPayout | None:
            wanted = (account, payout_id, attempt)
            for owner, _, row, created in self.bank.values():
                if (owner, row.payout_id, row.attempt) == wanted and self._listed(created, since):
                    return row
            return None

        return self._ask(value)

    def bank_payout(self, *, account: str, bank_payout_id: str) -> Outcome[BankPayout]:
        return self._ask(lambda: self.bank[bank_payout_id][2])

    # the books

    def available(self) -> Outcome[dict[str, int]]:
        return self._ask(lambda: dict(self.balance))

    def balance_transactions(self, created_from: int, created_to: int) -> Iterator[BalanceTransaction]:
        return iter([row for row in self.lines.values() if created_from <= row.created < created_to])

    # what others do there

    def pay(self, intent: str, fee: int) -> None:
        """The card holder pays; Stripe keeps `fee`."""
        asked, payment, created = self.intents[intent]
        charge = self._id("ch")
        paid = replace(payment, succeeded=True, received=asked, charge=charge)
        self.intents[intent] = (asked, paid, created)
        self._book(charge, asked.amount, fee, asked.currency)
        self.clearing.append((self.now() + CLEARS_SECONDS, asked.currency, asked.amount - fee))
        self._tell("payment_intent.succeeded", "", intent, top_up_id=paid.top_up_id)
        self._tell("charge.updated", "", charge)

    def fund(self, currency: str, amount: int) -> None:
        """Our available balance grows by money that was there before the story began."""
        self.balance[currency] += amount
        self._tell("balance.available", "", "")

    def move(self, currency: str, amount: int) -> None:
        """Stripe moves money into our balance, or out of it, and tells nobody why."""
        self.balance[currency] += amount
        self._book(self._id(UNEXPLAINED), amount, 0, currency)

    def end(self, bank_payout_id: str, state: str) -> None:
        """The bank has it (`paid`), or gives it back (`failed`), even some days after having it."""
        account, amount, row, created = self.bank[bank_payout_id]
        too_late = row.state == "paid" and self.now() > row.arrives_at + RETURNED_SECONDS
        if row.state in ("failed", state) or too_late:
            return
        if state == "failed":
            self.connected[account, amount.currency] += amount.amount
            self._give_fee_back(row.id)
        code = "account_closed" if state == "failed" else ""
        self.bank[bank_payout_id] = (account, amount, replace(row, state=state, failure_code=code), created)
        marks = {"payout_id": row.payout_id, "attempt": str(row.attempt)}
        self._tell(f"payout.{state}", account, row.id, **marks)

    def pass_time(self) -> None:
        """What has come due: late requests land, card money clears, banks have what they were sent."""
        self.keys.land(self)
        for cleared in [row for row in self.clearing if row[0] <= self.now()]:
            self.clearing.remove(cleared)
            self.fund(cleared[1], cleared[2])
        self.pass_time_of_returns()
        for identifier, (_, _, row, _) in list(self.bank.items()):
            if row.state == "pending" and row.arrives_at <= self.now():
                self.end(identifier, "paid")

    def next_instant(self) -> int | None:
        """When something comes due, on our clock."""
        found = [at for at, *_ in self.keys.under_way] + [at - self.skew for at, *_ in self.clearing]
        found += [row.arrives_at - self.skew for _, _, row, _ in self.bank.values() if row.state == "pending"]
        return min(found + [at - self.skew for at in self.next_return()], default=None)

    def copy(self, outside: Outside, clock: Clock) -> "StripeModel":
        """The same Stripe; what it keeps is frozen."""
        kept = {name: value.copy() for name, value in vars(self).items() if hasattr(value, "copy")}
        kept.pop("outside", None)
        plain = {name: getattr(self, name) for name in ("made", "skew", "lists_lag", "overlooked")}
        return StripeModel(**{**kept, **plain, "outside": outside, "clock": clock})

    def _listed(self, created: int, since: int = 0) -> bool:
        """Whether a list from `since` on shows by now what was made then."""
        shown = not self.lists_lag or created <= self.now() - self.lists_lag
        self.overlooked += not shown
        return shown and since - SINCE_SLACK_SECONDS <= created

    def _book(self, source: str, amount: int, fee: int, currency: str) -> None:
        line = BalanceTransaction(f"txn_{source}", amount, fee, currency, source, self.now())
        self.lines[line.id] = line

    def _tell(self, kind: str, account: str, identifier: str, **marks: str) -> None:
        note = {"stripe_id": self._id("evt"), "stripe_type": kind, "account": account}
        self.notes.append({**note, "object_id": identifier, **marks})

    def _ask(self, value: Callable[[], Any]) -> Outcome[Any]:
        fault = self.outside.fault(ASK)
        self.keys.land(self)
        return Unknown("APIConnectionError", fault) if fault else Done(value())

    def _id(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}_{self.made:06d}"
