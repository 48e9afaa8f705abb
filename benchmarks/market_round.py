"""One round of common calls, as a client and a worker make them: the same over HTTP and at the doors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PRICE = {"amount": 100, "currency": "USD"}
RATE = {"amount_decimal": "50", "currency": "USD", "per": "minute"}
SESSION_MONEY = {"amount": 100_000, "currency": "USD"}
WALLET_CENTS = 5_000_000

Ask = Callable[[str, str, str, str, Any], Any]
"""(name of the call, token, method, path below /v1/, body) to the answer's body; a refusal is raised."""

READS = ("GET task", "GET feed", "GET contract", "GET earnings", "GET wallet")
WRITES = (
    "POST task",
    "POST publish",
    "POST bid",
    "POST award",
    "POST accept",
    "POST fund",
    "POST submit",
    "POST approve",
    "POST heartbeat",
)
KEYLESS = frozenset({"POST heartbeat"})
"""Called as phones do, without a key: the sequence is one."""


@dataclass
class Pair:
    """A client with money in its wallet, and a worker of theirs whose session runs."""

    client: str
    worker: str
    session: str = ""
    beats: int = 0


def clock_in(pair: Pair, ask: Ask) -> None:
    """A contract by the minute, funded for longer than anything here takes."""
    contract = _contract(pair, ask, {"model": "per_minute", "rate": RATE}, {"price": RATE})
    ask("", pair.client, "POST", f"contracts/{contract}/fund", {"amount": SESSION_MONEY})
    pair.session = ask("", pair.worker, "POST", f"contracts/{contract}/sessions", None)["id"]


def play(pair: Pair, ask: Ask, now: int) -> None:
    """One task from posting to approval, heartbeats of the session and looks at everything between."""
    rows = [{"title": "All of it", "amount": PRICE}]
    pay, bid = {"model": "milestone", "budget": PRICE}, {"price": PRICE, "milestones": rows}
    contract = _contract(pair, ask, pay, bid)
    _look(pair, ask, contract)
    found = ask("GET contract", pair.client, "GET", f"contracts/{contract}", None)
    milestone = f"contracts/{contract}/milestones/{found['milestones'][0]['id']}"
    ask("POST fund", pair.client, "POST", f"contracts/{contract}/fund", {"amount": PRICE})
    ask("POST submit", pair.worker, "POST", f"{milestone}/submit", {"note": "Done."})
    ask("POST approve", pair.client, "POST", f"{milestone}/approve", None)
    _look(pair, ask, contract)
    beat = {"sequence": pair.beats, "at": now}
    pair.beats += 1
    ask("POST heartbeat", pair.worker, "POST", f"sessions/{pair.session}/heartbeat", beat)


def _contract(pair: Pair, ask: Ask, pay: dict[str, Any], bid: dict[str, Any]) -> str:
    terms = {"title": "Chat support", "description": "Evening shift", "category": "chat", "pay": pay}
    task = ask("POST task", pair.client, "POST", "tasks", {**terms, "seats": 1})["id"]
    ask("POST publish", pair.client, "POST", f"tasks/{task}/publish", None)
    ask("GET task", pair.client, "GET", f"tasks/{task}", None)
    ask("GET task", pair.worker, "GET", f"tasks/{task}", None)
    offer = ask("POST bid", pair.worker, "POST", f"tasks/{task}/bids", {"message": "Hi", **bid})["id"]
    contract: str = ask("POST award", pair.client, "POST", f"bids/{offer}/award", None)["id"]
    ask("POST accept", pair.worker, "POST", f"contracts/{contract}/accept", {})
    return contract


def _look(pair: Pair, ask: Ask, contract: str) -> None:
    ask("GET feed", pair.worker, "GET", "tasks", None)
    ask("GET contract", pair.worker, "GET", f"contracts/{contract}", None)
    ask("GET earnings", pair.worker, "GET", "workers/me/earnings", None)
    ask("GET wallet", pair.client, "GET", "wallet", None)
