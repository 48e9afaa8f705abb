"""The script of a market day: who takes part and what each of them does, as one JSON file says it.

Money is `{"amount": minor units, "currency": ISO 4217}` and a rate a decimal string of minor units per
minute, both exactly as the HTTP contract writes them. Names in `key` are the file's own and stay in it.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sandbox.demo.currencies import known

DAY_BYTES_MAX = 4_000_000
COMPANIES_MAX = 100
WORKERS_MAX = 1_000
TASKS_MAX = 500
BIDS_MAX = 5_000
CONTRACTS_MAX = 500
SHIFTS_MAX = 100
SESSIONS_PER_SHIFT_MAX = 200
SESSIONS_MAX = 1_000
ROUNDS_MAX = 60
HEARTBEATS_MAX = 2_500
MILESTONES_MAX = 10
TOP_UPS_MAX = 10
SEATS_MAX = 50
CHANGES_MAX = 5
AMOUNT_MAX = 99_999_999
SILENCE_SECONDS = 180
"""A gap between heartbeats up to this is proven; a longer one ends the session."""
BEYOND_SILENCE_SECONDS = SILENCE_SECONDS + 60
PLATFORM_FEE_BASIS_POINTS = 1_000

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(known)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$", max_length=200)]
Amount = Annotated[int, Field(gt=0, le=AMOUNT_MAX)]
Stars = Annotated[int, Field(ge=1, le=5)]
ProvenGap = Annotated[int, Field(ge=1, le=SILENCE_SECONDS)]
Approval = Literal["client", "silence"]
"""Who approves: the client by a call, or the review window by running out."""


class Scripted(BaseModel):
    """Strict, closed and immutable: a typing error in the file is a refusal, never a default."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Money(Scripted):
    amount: Amount
    currency: Currency


class Rate(Scripted):
    amount_decimal: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}(\.[0-9]{1,4})?$")]
    currency: Currency
    per: Literal["minute"]

    @property
    def minor_units(self) -> Decimal:
        return Decimal(self.amount_decimal)


class CompanyPlan(Scripted):
    key: Key
    name: Short
    country: Country
    email: Email
    top_ups: Annotated[tuple[Money, ...], Field(min_length=1, max_length=TOP_UPS_MAX)]


class Skill(Scripted):
    name: Short
    level: Annotated[int, Field(ge=1, le=5)]


class WorkerPlan(Scripted):
    """`currency` is the one of the worker's bank account, and so of every bid: nothing is converted."""

    key: Key
    name: Short
    country: Country
    currency: Currency
    languages: Annotated[tuple[Short, ...], Field(min_length=1, max_length=10)]
    skills: Annotated[tuple[Skill, ...], Field(min_length=1, max_length=20)]
    headline: Short


class MilestonePay(Scripted):
    model: Literal["milestone"]
    budget: Money

    @property
    def currency(self) -> str:
        return self.budget.currency


class MinutePay(Scripted):
    model: Literal["per_minute"]
    rate: Rate
    cap_seconds: Annotated[int, Field(ge=60, le=10_000_000)]
    increment_seconds: Annotated[int, Field(ge=1, le=3_600)]
    minimum_seconds: Annotated[int, Field(ge=0, le=3_600)]

    @property
    def currency(self) -> str:
        return self.rate.currency


class TaskPlan(Scripted):
    key: Key
    company: Key
    title: Short
    description: Long
    category: Short
    skills: Annotated[tuple[Short, ...], Field(max_length=10)]
    languages: Annotated[tuple[Short, ...], Field(max_length=10)]
    pay: Annotated[MilestonePay | MinutePay, Field(discriminator="model")]
    seats: Annotated[int, Field(ge=1, le=SEATS_MAX)]


class MilestonePlan(Scripted):
    title: Short
    amount: Money


class BidPlan(Scripted):
    """A milestone bid has a `price` and milestones, a per-minute bid a `rate`.

    `outcome` is what becomes of it; a bid that is awarded has a contract of the same task and worker.
    """

    task: Key
    worker: Key
    price: Money | None = None
    milestones: Annotated[tuple[MilestonePlan, ...], Field(max_length=MILESTONES_MAX)] = ()
    rate: Rate | None = None
    message: Long
    outcome: Literal["shortlisted", "declined", "withdrawn"] | None = None


class RatingPlan(Scripted):
    overall: Stars
    dimensions: Annotated[dict[Short, Stars], Field(max_length=10)] = {}
    comment: Annotated[str, StringConstraints(max_length=1_000)] = ""


class Delivery(Scripted):
    """How one milestone goes: handed in, sent back once for each reason, then approved."""

    note: Long
    changes: Annotated[tuple[Long, ...], Field(max_length=CHANGES_MAX)] = ()
    approval: Approval = "client"


class MilestoneContractPlan(Scripted):
    model: Literal["milestone"]
    task: Key
    worker: Key
    funding: Literal["whole", "by_milestone"]
    deliveries: Annotated[tuple[Delivery, ...], Field(min_length=1, max_length=MILESTONES_MAX)]
    rating_of_worker: RatingPlan | None = None
    rating_of_client: RatingPlan | None = None


class MinuteContractPlan(Scripted):
    """`funding` is set aside at once; what the sessions leave of it goes back to the wallet."""

    model: Literal["per_minute"]
    task: Key
    worker: Key
    funding: Money
    rating_of_worker: RatingPlan | None = None
    rating_of_client: RatingPlan | None = None


ContractPlan = MilestoneContractPlan | MinuteContractPlan


class SessionPlan(Scripted):
    """One clocked interval: so many heartbeats, then the worker stops or the phone falls silent."""

    task: Key
    worker: Key
    heartbeats: Annotated[int, Field(ge=1, le=ROUNDS_MAX)]
    end: Literal["worker", "silence"] = "worker"
    approval: Approval = "client"


class ShiftPlan(Scripted):
    """Sessions that run at the same time: all clock in, then each round moves the clock by its seconds."""

    name: Short
    after_seconds: Annotated[int, Field(ge=0, le=86_400)]
    rounds: Annotated[tuple[ProvenGap, ...], Field(min_length=1, max_length=ROUNDS_MAX)]
    sessions: Annotated[tuple[SessionPlan, ...], Field(min_length=1, max_length=SESSIONS_PER_SHIFT_MAX)]

    @property
    def lasts_seconds(self) -> int:
        """From the clock-in to when the next shift's waiting begins."""
        longest = max(session.heartbeats for session in self.sessions)
        silent = any(session.end == "silence" for session in self.sessions)
        return sum(self.rounds[:longest]) + (BEYOND_SILENCE_SECONDS if silent else 0)

    def proven_seconds(self, session: SessionPlan) -> int:
        """Seconds that the session's heartbeats prove."""
        return sum(self.rounds[: session.heartbeats])


class MarketDay(Scripted):
    title: Short
    companies: Annotated[tuple[CompanyPlan, ...], Field(min_length=1, max_length=COMPANIES_MAX)]
    workers: Annotated[tuple[WorkerPlan, ...], Field(min_length=1, max_length=WORKERS_MAX)]
    tasks: Annotated[tuple[TaskPlan, ...], Field(min_length=1, max_length=TASKS_MAX)]
    bids: Annotated[tuple[BidPlan, ...], Field(min_length=1, max_length=BIDS_MAX)]
    contracts: Annotated[
        tuple[Annotated[ContractPlan, Field(discriminator="model")], ...],
        Field(min_length=1, max_length=CONTRACTS_MAX),
    ]
    shifts: Annotated[tuple[ShiftPlan, ...], Field(max_length=SHIFTS_MAX)]

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(sorted({task.pay.currency for task in self.tasks}))

    @property
    def sessions(self) -> tuple[tuple[ShiftPlan, SessionPlan], ...]:
        return tuple((shift, session) for shift in self.shifts for session in shift.sessions)
