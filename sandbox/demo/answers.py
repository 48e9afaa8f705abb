"""The parts of the marketplace's answers that the demo reads. Other fields may be there; these must be."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Nothing(Answer):
    """An answer of which only the status matters."""


class Amount(Answer):
    """Minor units of `currency`."""

    amount: int
    currency: str


class Clock(Answer):
    now: datetime
    frozen: bool


class Token(Answer):
    token: str


class Drained(Answer):
    drained: bool


class Client(Answer):
    id: str
    api_key: str


class TopUp(Answer):
    id: str
    status: str
    payment_intent: str = ""


class WalletBalance(Answer):
    currency: str
    available: int
    held: int


class Wallet(Answer):
    balances: list[WalletBalance]


class Worker(Answer):
    id: str


class PayoutAccount(Answer):
    stripe_account: str
    payouts_enabled: bool


class EarningsBalance(Answer):
    currency: str
    accruing: int
    in_review: int
    available: int
    in_transit: int
    paid: int
    owed: int


class Earnings(Answer):
    balances: list[EarningsBalance]


class Task(Answer):
    id: str
    status: str
    seats: int
    seats_left: int


class Bid(Answer):
    id: str
    status: str


class Milestone(Answer):
    id: str
    status: str


class Contract(Answer):
    id: str
    status: str
    currency: str
    funded: int
    released: int
    held: int
    returned: int
    fee_basis_points: int
    review_seconds: int
    milestones: list[Milestone] = []


class Session(Answer):
    id: str
    status: str
    billable_seconds: int
    amount: Amount
    end_reason: str | None = None


class Payout(Answer):
    id: str
    status: str
    reason: str | None = None
    amount: Amount


class Rating(Answer):
    id: str
    contract_id: str
    overall: int
    revealed: bool


class Ratings(Answer):
    data: list[Rating]
    next_cursor: str | None = None


class AccountBalance(Answer):
    """`balance` is debits less credits."""

    id: str
    balance: int


class CurrencyBalance(Answer):
    currency: str
    debits: int
    credits: int
    accounts: list[AccountBalance]


class TrialBalance(Answer):
    currencies: list[CurrencyBalance]


class Link(Answer):
    """One step of a trace; `detail` is whatever its kind has to tell."""

    kind: str
    id: str
    at: datetime
    detail: Any = Field(default=None)


class Trace(Answer):
    id: str
    chain: list[Link]


class Reconciliation(Answer):
    id: str
    status: str
    counts: dict[str, int] = {}
