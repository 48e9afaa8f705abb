"""The provider of background checks and tax forms, as the sandbox plays it: it tells by signed webhook.

POST /sandbox/screenings/{id}/pass | fail | pend | expire    it tells that, of the round that is open
POST /sandbox/screenings/{id}/redeliver                      it sends all that it told again, the last first
POST /sandbox/screenings/look-up                             what it found by reference, for who signs

With `times: 0` it tells nobody: what it found is there to be looked up.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from pydantic import Field, StringConstraints

from chalicelib import bodies
from chalicelib.types import Model, rfc3339
from marketplace.compliance.screening import Screening
from marketplace.gateways.standard_webhooks import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIME_HEADER,
    is_signed,
    signature,
)
from marketplace.runtime import Runtime
from marketplace.shared.errors import InvalidSignature, NotFound
from marketplace.shared.ids import is_id, new_id

DELIVERY_SECONDS_MAX = 10.0
AGO_SECONDS_MAX = 366 * 86_400
TIMES_MAX = 5
TOLD = {"pass": "passed", "fail": "failed", "pend": "pending", "expire": "expired"}
REDELIVER = "redeliver"
LOOK_UP = "look-up"


class Finding(Model):
    """What is found: `occurred_seconds_ago` makes it late, `times` tells it more than once."""

    reason: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")] | None = None
    expires_in_seconds: Annotated[int, Field(ge=1, le=AGO_SECONDS_MAX)] | None = None
    occurred_seconds_ago: Annotated[int, Field(ge=0, le=AGO_SECONDS_MAX)] = 0
    times: Annotated[int, Field(ge=0, le=TIMES_MAX)] = 1


class Asked(Model):
    """Whose findings are asked for."""

    reference: str


@dataclass(frozen=True)
class _Webhook:
    identifier: str
    content: bytes


class ScreeningDesk:
    """Tells what it is made to find, and remembers it for as long as the sandbox runs."""

    def __init__(self, runtime: Runtime, base_url: str) -> None:
        self._runtime = runtime
        self._http = httpx.Client(base_url=base_url, timeout=DELIVERY_SECONDS_MAX)
        self._told: dict[str, list[_Webhook]] = defaultdict(list)
        self._guard = threading.Lock()

    def close(self) -> None:
        """Lets go of its connections."""
        self._http.close()

    def play(self, path: str, value: Any) -> dict[str, Any] | None:
        """One control, `{id}/{what}`: how each delivery was answered; None for a path that is none. Raises
        NotFound, InvalidRequest."""
        identifier, _, control = path.partition("/")
        if control != REDELIVER and control not in TOLD:
            return None
        screening = self._screening(identifier)
        with self._guard:
            if control == REDELIVER:
                due = list(reversed(self._told[identifier]))
            else:
                found = bodies.parse(Finding, value, json.dumps(value))
                due = [self._found(screening, TOLD[control], found)] * found.times
        return {"delivered": [self._deliver(webhook) for webhook in due]}

    def look_up(self, content: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """What was found by this reference, told or not. Raises InvalidSignature, InvalidRequest."""
        secret = self._runtime.settings.screening_webhook_secret
        if not is_signed(content, headers, secret=secret, now=self._runtime.clock.now()):
            raise InvalidSignature("the signature does not match, or is too old")
        reference = bodies.parse(Asked, *bodies.read_json(content)).reference
        with self._guard:
            told = [json.loads(one.content) for one in self._told[reference.partition(".")[0]]]
        return {"data": [found for found in told if found["reference"] == reference]}

    def _screening(self, identifier: str) -> Screening:
        found = self._runtime.store.read(Screening, identifier) if is_id(identifier, "scr") else None
        if found is None:
            raise NotFound
        return found[0]

    def _found(self, screening: Screening, status: str, finding: Finding) -> _Webhook:
        now, event_id = self._runtime.clock.now(), new_id("evt")
        told = {
            "id": event_id,
            "reference": screening.reference,
            "status": status,
            "occurred_at": rfc3339(now - finding.occurred_seconds_ago),
            "reason": finding.reason,
        }
        if finding.expires_in_seconds is not None:
            told["expires_at"] = rfc3339(now + finding.expires_in_seconds)
        webhook = _Webhook(event_id, json.dumps(told).encode())
        self._told[screening.id].append(webhook)
        return webhook

    def _deliver(self, webhook: _Webhook) -> int:
        now, secret = self._runtime.clock.now(), self._runtime.settings.screening_webhook_secret
        signed = signature(webhook.content, identifier=webhook.identifier, at=now, secret=secret)
        headers = {ID_HEADER: webhook.identifier, TIME_HEADER: str(now), SIGNATURE_HEADER: signed}
        return self._http.post("/v1/screenings/events", content=webhook.content, headers=headers).status_code
