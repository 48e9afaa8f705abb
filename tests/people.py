"""Builders for journeys: people who call the system over HTTP, and the steps that most journeys share."""

import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from chalicelib.types import rfc3339
from marketplace.people.privacy import STILL_SECONDS
from sandbox.system import System
from tests.openapi_answers import hold_to_document

TIMEOUT_SECONDS = 60.0


def key() -> dict[str, str]:
    """A fresh idempotency key."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def usd(amount: int) -> dict[str, Any]:
    """Cents."""
    return {"amount": amount, "currency": "USD"}


def dollars(available: int, held: int = 0) -> dict[str, Any]:
    """A wallet's row, in cents, of a client that owes nothing and pays no fees on top."""
    nothing = {"fees_held": 0, "refunding": 0, "receivable": 0}
    return {"currency": "USD", "available": available, "held": held, **nothing}


@dataclass
class Caller:
    """Somebody with a token."""

    http: httpx.Client
    token: str
    id: str = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Any call, with this caller's token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.token}", **named}
        )

    def get(self, path: str) -> Any:
        """A read that must succeed."""
        return self._good(self.call("GET", path))

    def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """A write that must succeed, with a key of its own."""
        return self._good(self.call("POST", path, body, **key()), status)

    def refused(self, path: str, body: Any = None, *, method: str = "POST") -> tuple[int, str]:
        """Status and code of a call that must be refused."""
        answer = self.call(method, path, body, **(key() if method == "POST" else {}))
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]

    @staticmethod
    def _good(answer: httpx.Response, status: int | None = None) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
        assert status in (None, answer.status_code)
        return answer.json()


class World:
    """The system as its callers see it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.http = httpx.Client(
            base_url=system.base_url,
            timeout=TIMEOUT_SECONDS,
            event_hooks={"response": [hold_to_document]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def sandbox(self, path: str, body: Any = None) -> Any:
        """One of the sandbox's controls."""
        answer = self.http.post(f"/sandbox/{path}", json=body or {})
        assert answer.is_success, answer.text
        return answer.json()

    def settle(self) -> None:
        """Everything that was asked for has happened."""
        answer = self.sandbox("settle")
        assert answer == {"drained": True}, answer

    def advance(self, **spans: int) -> None:
        """Moves the clock by `seconds`, `hours` or `days`."""
        seconds = spans.get("seconds", 0) + 3_600 * spans.get("hours", 0) + 86_400 * spans.get("days", 0)
        self.sandbox("clock/advance", {"seconds": seconds})

    def farewell(self) -> None:
        """Whoever has asked to be forgotten is by now, unless something binds us to them."""
        self.settle()
        self.advance(seconds=STILL_SECONDS)
        self.settle()

    def in_seconds(self, seconds: int) -> str:
        """An instant from now, RFC 3339."""
        return rfc3339(self.system.clock.now() + seconds)

    def person(self, role: str, **options: Any) -> Caller:
        """Somebody with a JWT."""
        body = {"subject": f"{role}-{uuid.uuid4().hex}", "role": role, **options}
        return Caller(self.http, self.sandbox("tokens", body)["token"])

    def client(self, *, country: str = "US", **wallet: int) -> Caller:
        """A company; `USD=10_000` puts a hundred dollars into its wallet."""
        body = {"name": "Acme Support", "country": country, "email": "ops@acme.example"}
        made = self.person("operator").post("/v1/clients", body, status=201)
        client = Caller(self.http, made["api_key"], made["id"])
        for currency, amount in wallet.items():
            self.top_up(client, amount, currency)
        return client

    def top_up(self, client: Caller, amount: int, currency: str = "USD") -> Any:
        """Money into a wallet, as a card holder pays it."""
        top_up = client.post("/v1/wallet/top-ups", {"amount": {"amount": amount, "currency": currency}})
        self.sandbox(f"stripe/pay/{top_up['payment_intent']}")
        self.settle()
        return client.get(f"/v1/wallet/top-ups/{top_up['id']}")

    def worker(self, *, country: str = "US", payouts: bool = False) -> Caller:
        """A worker with a profile, and with `payouts` a verified account."""
        worker = self.person("worker")
        profile = {
            "name": "Ada",
            "country": country,
            "languages": ["en"],
            "skills": [],
            "headline": "Chat agent",
        }
        worker.id = worker.post("/v1/workers", profile, status=201)["id"]
        if payouts:
            account = worker.post("/v1/workers/me/payout-account")["stripe_account"]
            self.sandbox(f"stripe/accounts/{account}/verify")
            self.settle()
        return worker

    def task(self, client: Caller, pay: dict[str, Any], **more: Any) -> Any:
        """An open task."""
        body = {
            "title": "Chat support",
            "description": "Evening shift",
            "category": "chat",
            "pay": pay,
            **more,
        }
        task = client.post("/v1/tasks", body, status=201)
        return client.post(f"/v1/tasks/{task['id']}/publish")

    def milestone_contract(
        self, client: Caller, worker: Caller, *amounts: int, currency: str = "USD", **bid: Any
    ) -> Any:
        """An accepted contract with one milestone for each amount; nothing is funded yet."""
        total = {"amount": sum(amounts), "currency": currency}
        rows = [
            {"title": f"Part {n}", "amount": {"amount": amount, "currency": currency}}
            for n, amount in enumerate(amounts, 1)
        ]
        task = self.task(client, {"model": "milestone", "budget": total})
        return self.contract(
            client, worker, task, {"price": total, "milestones": rows, "message": "Hi", **bid}
        )

    def minute_contract(
        self,
        client: Caller,
        worker: Caller,
        *,
        rate: str = "50",
        currency: str = "USD",
        agency_id: str | None = None,
        **terms: Any,
    ) -> Any:
        """An accepted contract paid by the minute; nothing is funded yet."""
        price = {"amount_decimal": rate, "currency": currency, "per": "minute"}
        task = self.task(client, {"model": "per_minute", "rate": price, **terms})
        bid = {"price": price, "message": "Hi", "agency_id": agency_id}
        return self.contract(client, worker, task, {name: what for name, what in bid.items() if what})

    def result_task(
        self, client: Caller, *, price: int = 1_000, quantity: int = 10, seats: int = 1, review: Any = None
    ) -> Any:
        """An open task that pays for each accepted result, in dollars."""
        pay = {"model": "per_result", "unit": usd(price), "quantity": quantity}
        return self.task(client, pay if review is None else {**pay, "review": review}, seats=seats)

    def contract(self, client: Caller, worker: Caller, task: Any, bid: Any) -> Any:
        """Bid, award, accept."""
        made = worker.post(f"/v1/tasks/{task['id']}/bids", bid, status=201)
        offer = client.post(f"/v1/bids/{made['id']}/award", status=201)
        return worker.post(f"/v1/contracts/{offer['id']}/accept", {})
