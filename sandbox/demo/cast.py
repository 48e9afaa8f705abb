"""Who and what the day has brought into being, under the script's keys."""

from dataclasses import dataclass, field

from sandbox.demo.client import Sent
from sandbox.demo.script import CompanyPlan, ContractPlan, SessionPlan, TaskPlan, WorkerPlan
from sandbox.demo.terms import Deal


@dataclass(frozen=True, slots=True)
class Company:
    plan: CompanyPlan
    id: str
    api_key: str
    top_ups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worker:
    plan: WorkerPlan
    id: str
    token: str


@dataclass(frozen=True, slots=True)
class PostedTask:
    plan: TaskPlan
    id: str
    company: Company


@dataclass(frozen=True, slots=True)
class SignedContract:
    """A contract that both sides have agreed to and the client has funded; `funding` is that call."""

    plan: ContractPlan
    id: str
    company: Company
    worker: Worker
    milestones: tuple[str, ...]
    review_seconds: int
    funding: Sent

    @property
    def deal(self) -> Deal:
        return self.plan.task, self.plan.worker


@dataclass(frozen=True, slots=True)
class WorkedSession:
    plan: SessionPlan
    id: str
    contract: SignedContract


@dataclass(frozen=True, slots=True)
class RequestedPayout:
    id: str
    worker: Worker
    request: Sent


@dataclass(slots=True)
class Cast:
    companies: dict[str, Company] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    tasks: dict[str, PostedTask] = field(default_factory=dict)
    bids: dict[Deal, str] = field(default_factory=dict)
    contracts: dict[Deal, SignedContract] = field(default_factory=dict)
    sessions: list[WorkedSession] = field(default_factory=list)
    payouts: list[RequestedPayout] = field(default_factory=list)
