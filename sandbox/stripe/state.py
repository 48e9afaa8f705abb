"""Everything this Stripe remembers, and its form on disk."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.stripe import ids
from sandbox.stripe.agenda import Agenda, Due
from sandbox.stripe.disk import file_read
from sandbox.stripe.keys import IdempotencyKeys
from sandbox.stripe.shelf import Obj, Shelf

PLATFORM = "platform"
"""The account that the API keys belong to; connected accounts go by their own ids."""

FORMAT = 2


@dataclass
class Endpoint:
    """What the API never shows of a webhook endpoint. `name` is set when it was registered in process."""

    secret: str
    connect: bool
    name: str | None = None


def _nobody(_event: Obj) -> None:
    """Told of events where nobody looks."""


@dataclass
class State:
    """Plain data, guarded by the simulator's lock.

    `balances` is {account: {currency: [available, pending]}} in minor units, and always the sum of the
    balance transactions on the shelves. `maturing` holds, per (account, instant), the transactions that
    become available then. Both are derived, so neither is stored. `witness` is told of every event.
    `base_url` is where this Stripe is being served; it is empty while it is not, and not stored either.
    """

    seed: str = "local"
    sequence: int = 0
    requests: int = 0
    shelves: dict[tuple[str, str], Shelf] = field(default_factory=dict)
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    agenda: Agenda = field(default_factory=Agenda)
    post: Agenda = field(default_factory=Agenda)
    in_flight: dict[int, Due] = field(default_factory=dict)
    keys: IdempotencyKeys = field(default_factory=IdempotencyKeys)
    balances: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    maturing: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    witness: Callable[[Obj], None] = _nobody
    base_url: str = ""

    def next_sequence(self) -> int:
        """A number larger than every one before."""
        self.sequence += 1
        return self.sequence

    def new_id(self, prefix: str, at: int) -> str:
        """An id that no object has."""
        return ids.object_id(prefix, at=at, sequence=self.next_sequence(), seed=self.seed)

    def shelf(self, account: str, kind: str) -> Shelf:
        """The objects of `kind` in `account`; empty for one that has none."""
        return self.shelves.setdefault((account, kind), Shelf())

    def keep(self, account: str, row: Obj) -> None:
        """Puts a new object on its shelf, findable by its id from everywhere."""
        self.shelf(account, row["object"]).add(row)
        self.homes[row["id"]] = (account, row["object"])

    def find(self, object_id: str) -> tuple[str, Obj] | None:
        """The account and the live object of an id, whatever its kind."""
        home = self.homes.get(object_id)
        if home is None:
            return None
        row = self.shelf(*home).get(object_id)
        return None if row is None else (home[0], row)

    def discard(self, object_id: str) -> None:
        """Forgets an object; raises KeyError when there is none."""
        self.shelf(*self.homes.pop(object_id)).remove(object_id)

    def to_json(self) -> dict[str, Any]:
        """The whole of it, JSON-shaped; deliveries on their way count as not yet delivered."""
        under_way = [due for _, due in sorted(self.in_flight.items())]
        post = Agenda(self.post.rows())
        for due in under_way:
            post.add(due)
        return {
            "format": FORMAT,
            "seed": self.seed,
            "sequence": self.sequence,
            "requests": self.requests,
            "shelves": [[*place, shelf.rows] for place, shelf in self.shelves.items() if len(shelf)],
            "endpoints": {endpoint_id: vars(endpoint) for endpoint_id, endpoint in self.endpoints.items()},
            "agenda": self.agenda.rows(),
            "post": post.rows(),
            "keys": self.keys.rows(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "State":
        """The state that `to_json` wrote; raises ValueError for another format, or as a lookup does."""
        if stored.get("format") != FORMAT:
            message = f"state of format {stored.get('format')!r}, this version reads {FORMAT}"
            raise ValueError(message)
        state = cls(
            seed=str(stored["seed"]),
            sequence=int(stored["sequence"]),
            requests=int(stored["requests"]),
            shelves={(account, kind): Shelf(rows) for account, kind, rows in stored["shelves"]},
            endpoints={key: Endpoint(**value) for key, value in stored["endpoints"].items()},
            agenda=Agenda(stored["agenda"]),
            post=Agenda(stored["post"]),
            keys=IdempotencyKeys(stored["keys"]),
        )
        state._derive()
        return state

    def count(self, account: str, transaction: Obj) -> None:
        """Adds a new balance transaction to its account's balance."""
        row = self.balances.setdefault(account, {}).setdefault(transaction["currency"], [0, 0])
        if transaction["status"] == "available":
            row[0] += transaction["net"]
        else:
            row[1] += transaction["net"]
            self.maturing.setdefault((account, transaction["available_on"]), []).append(transaction["id"])

    def _derive(self) -> None:
        for (account, kind), shelf in self.shelves.items():
            self.homes |= {row["id"]: (account, kind) for row in shelf.rows}
            if kind == "balance_transaction":
                for row in shelf.rows:
                    self.count(account, row)


def read_state(path: Path) -> State:
    """Raises OSError or ValueError when the file cannot be read as a state."""
    with file_read(path, "the state of a local Stripe"):
        return State.from_json(json.loads(path.read_text(encoding="utf-8")))


def write_state(state: State, path: Path) -> None:
    """Writes beside `path` and renames, so that a reader sees the old state or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(state.to_json(), file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
