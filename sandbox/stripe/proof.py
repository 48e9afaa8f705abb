"""Holds everything that this Stripe accepts and says to Stripe's own document, and counts it."""

import threading
from collections import Counter

from sandbox.stripe.forms import Raw
from sandbox.stripe.shelf import Obj
from sandbox.stripe.spec import Spec

STRAYS_KEPT_MAX = 100


class Proof:
    """An inspector. `strays` says what was not as in the document; it stays empty, and `stray_count` 0.

    `requests` counts by operation, `answers` by kind of object, `events` by type.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.requests: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.strays: list[str] = []
        self.stray_count = 0
        self._lock = threading.Lock()

    def request(self, method: str, path: str, parameters: dict[str, Raw]) -> None:
        """Stripe takes every parameter that we took."""
        self._note(self.requests, f"{method} {path}", self.spec.request_problems(method, path, parameters))

    def answer(self, method: str, path: str, status: int, body: Obj) -> None:
        """Stripe could have answered this."""
        kind = str(body.get("object", "error"))
        self._note(self.answers, kind, self.spec.answer_problems(method, path, status, body))
        for row in body["data"] if kind == "list" else ():
            self._note(self.answers, row["object"], [])

    def event(self, event: Obj) -> None:
        """Stripe could have told this."""
        self._note(self.events, event["type"], self.spec.event_problems(event))

    def _note(self, counted: Counter[str], name: str, problems: list[str]) -> None:
        with self._lock:
            counted[name] += 1
            self.stray_count += len(problems)
            self.strays += problems[: STRAYS_KEPT_MAX - len(self.strays)]
