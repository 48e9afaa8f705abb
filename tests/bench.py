"""Tables, a Stripe and a clock of their own, in the local cloud that runs already: nothing works in the
background, and nobody else's tests see what is left behind. Calls go through the real doors, without HTTP."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from chalicelib.schedules import wake
from chalicelib.work import stripe_events
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.errors import StoreSilent
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.journal import Journal
from marketplace.storage import holdings, ledger, sealing
from marketplace.storage.codec import event_item, riding_on
from marketplace.storage.connection import bind
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem
from marketplace.storage.store import DynamoStore
from sandbox.clock import MovableClock
from sandbox.cloud import deploy
from sandbox.stripe import StripeSimulator
from sandbox.stripe import serve as serve_stripe
from sandbox.system import STAGE, TEMPLATE, System
from tests.doors import Answer, Knock, knock
from tests.people import World, usd

TABLES = {"heads": HeadItem, "balances": BalanceItem, "events": EventItem, "trail": TrailItem}

Kind = TypeVar("Kind")
Deed = Callable[[], Answer | None]
"""Does it; None where nobody is answered, and whoever brought it brings it again."""


class Bench:
    """`with Bench(system) as bench`; meanwhile the system itself stands still."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        system, stack = self.system, self._stack
        stack.enter_context(system.time.standing_still())
        cloud = str(system.runtime.settings.aws_endpoint_url)
        outputs = deploy(cloud, TEMPLATE, f"bench-{uuid.uuid4().hex}", {"Stage": STAGE})
        self.clock = MovableClock()
        self.clock.freeze()
        self.clock.move_to(system.clock.now())
        self.stripe = StripeSimulator(clock=self.clock, seed=uuid.uuid4().hex)
        server = serve_stripe(self.stripe)
        stack.callback(server.close)
        settings = system.runtime.settings.model_copy(
            update={f"{name}_table": outputs[f"{name.capitalize()}Table"] for name in TABLES}
            | {"stripe_api_base": server.base_url}
        )
        stack.callback(_use, system.runtime)
        stack.callback(sealing.use, sealing._keys())
        self.runtime = runtimes.connect(settings, self.clock)
        runtimes.use(self.runtime)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def store(self) -> DynamoStore:
        return self.runtime.store

    @property
    def now(self) -> int:
        return self.clock.now()

    def pass_time(self, seconds: int) -> None:
        """Nothing of ours fires."""
        self.clock.move_to(self.now + seconds)

    def person(self, role: str) -> "Person":
        """Somebody with a JWT."""
        with World(self.system) as world:
            return Person(world.person(role).token)

    def client(self) -> "Person":
        """A company."""
        body = {"name": "Acme Support", "country": "US", "email": "ops@acme.example"}
        made = self.person("operator").post("clients", body)
        return Person(made["api_key"], made["id"])

    def worker(self) -> "Person":
        """A worker with a profile."""
        worker = self.person("worker")
        body = {"name": "Ada", "country": "US", "languages": ["en"], "skills": [], "headline": "Chat agent"}
        worker.id = worker.post("workers", body)["id"]
        return worker

    def verified_worker(self) -> "Person":
        """A worker whom Stripe pays out."""
        worker = self.worker()
        account = worker.post("workers/me/payout-account")["stripe_account"]
        self.stripe.verify(account)
        self.told_by_stripe("account.updated", account, account=account, worker_id=worker.id)()
        return worker

    def card_paid(self, client: "Person", amount: int) -> Deed:
        """The webhook about a top-up, in cents, that a card has paid."""
        top_up = client.post("wallet/top-ups", {"amount": usd(amount)})
        self.stripe.pay(top_up["payment_intent"])
        subject = top_up["payment_intent"]
        return self.told_by_stripe("payment_intent.succeeded", subject, top_up_id=top_up["id"])

    def contract(
        self,
        client: "Person",
        pay: dict[str, Any],
        bid: dict[str, Any],
        *workers: "Person",
        **more: Any,
    ) -> list[str]:
        """The ids of accepted contracts of a new task, one for each worker."""
        terms = {"title": "Work", "description": "Do it.", "category": "cx", "pay": pay, **more}
        task = client.post("tasks", {**terms, "seats": len(workers)})["id"]
        client.post(f"tasks/{task}/publish")
        made = []
        for worker in workers:
            offered = worker.post(f"tasks/{task}/bids", {"message": "Hi", **bid})
            made.append(client.post(f"bids/{offered['id']}/award")["id"])
            worker.post(f"contracts/{made[-1]}/accept", {})
        return made

    def by_milestones(self, client: "Person", worker: "Person", *amounts: int, **more: Any) -> str:
        """An accepted contract."""
        rows = [{"title": f"Part {n}", "amount": usd(amount)} for n, amount in enumerate(amounts)]
        total = usd(sum(amounts))
        pay, bid = {"model": "milestone", "budget": total}, {"price": total, "milestones": rows}
        return self.contract(client, pay, bid, worker, **more)[0]

    def by_minutes(self, client: "Person", worker: "Person") -> str:
        """An accepted contract at 50 cents a minute."""
        rate = {"amount_decimal": "50", "currency": "USD", "per": "minute"}
        return self.contract(client, {"model": "per_minute", "rate": rate}, {"price": rate}, worker)[0]

    def by_pieces(
        self, client: "Person", price: int, *workers: "Person", review: dict[str, Any] | None = None
    ) -> list[str]:
        """Accepted contracts of one task."""
        pay = {"model": "per_result", "unit": usd(price), "quantity": 1_000}
        reviewed = {**pay, "review": review} if review else pay
        return self.contract(client, reviewed, {"price": usd(price)}, *workers)

    def message(
        self,
        kind: EventType,
        work: Callable[..., None],
        *about: str,
        journal: Journal | None = None,
        **details: Any,
    ) -> Deed:
        """What a queue's consumer does with a message about these."""
        named = (new_id("evt"), kind, self.now, "test", new_id("req"), about)
        event = Event(*named, journal=journal, details=details)

        def deliver() -> None:
            with suppress(StoreSilent):  # it comes again
                work(event, self.runtime)

        return deliver

    def told_by_stripe(self, kind: str, subject: str, **details: str) -> Deed:
        """A webhook that was kept."""
        known: dict[str, Any] = {"account": "", **details, "stripe_type": kind, "object_id": subject}
        return self.message(
            EventType.STRIPE_EVENT_RECEIVED, stripe_events.work, subject, **known, stripe_id=new_id("evt")
        )

    def timer(self, subject: str, due_at: int) -> Deed:
        """The timer of `subject`, dated by when it is due."""

        def fire() -> None:
            with suppress(StoreSilent):  # it stays due
                wake(self.runtime, subject, due_at)

        return fire

    @contextmanager
    def settings(self, **chosen: Any) -> Iterator[None]:
        """The deployment goes by other settings for a while."""
        kept = self.runtime.settings
        self.runtime.settings = kept.model_copy(update=chosen)
        yield
        self.runtime.settings = kept

    def carry(self) -> None:
        """Events that ride on heads are where all others are, as the stream's function would have it, and
        what clients are told that their contracts hold is counted."""
        with EventItem.batch_write() as batch:
            for item in HeadItem.scan():
                for event in riding_on(item.id, item.body):
                    batch.save(event_item(event))
        for indexed, _ in ledger.journals_since(0):
            holdings.count(self.store, [indexed.told()])

    def balances(self, owner: str) -> dict[str, int]:
        """Dollars by name, minor units."""
        return self.store.balances(owner).get("USD", {})

    def read(self, kind: type[Kind], identifier: str) -> Kind:
        """An aggregate that is there."""
        found = self.store.read(kind, identifier)
        assert found is not None
        return found[0]


@dataclass
class Person:
    """Somebody with a token, at the doors."""

    token: str
    id: str = ""

    def call(self, path: str, body: Any = None, *, method: str = "POST", key: str = "") -> Knock:
        """A call, under a key of its own unless one is given."""
        return Knock(method, f"/v1/{path}", self.token, key or uuid.uuid4().hex, body)

    def post(self, path: str, body: Any = None) -> Any:
        """A call that must succeed."""
        return _good(knock(self.call(path, body)))

    def get(self, path: str) -> Any:
        """A read that must succeed."""
        return _good(knock(self.call(path, method="GET")))


def _good(answer: Answer) -> Any:
    assert answer.status < 400, answer.text
    return answer.body


def _use(runtime: Runtime) -> None:
    """This runtime's tables are again those that all models stand for."""
    runtimes.use(runtime)
    for name, model in TABLES.items():
        table = getattr(runtime.settings, f"{name}_table")
        del runtime.store.connection._tables[table]  # it would not take the same table twice
        bind(runtime.store.connection, model, table)
