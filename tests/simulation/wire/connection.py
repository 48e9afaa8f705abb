"""botocore's own clients, whose requests are answered in this process, and what goes wrong on the way."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import Any, Protocol

from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.retries import quota
from botocore.session import Session

from marketplace.storage.connection import client_config
from tests.simulation.faults import Outside
from tests.simulation.wire.expressions import Item
from tests.simulation.wire.faults import FOR_LONG, KIND_OF, THROTTLES, WRITES
from tests.simulation.wire.requests import Refused, Request, cancelled

ENDPOINT = "http://wire"
REGION = "us-east-1"
_HTML = b"<html><body>502 Bad Gateway</body></html>"


class Far(Protocol):
    """What stands at the other end: it performs requests, raising Refused."""

    outside: Outside

    def perform(self, operation: str, request: Request) -> Request:
        """The answer of whoever was asked, with the effect."""
        ...

    def perform_later(self, operation: str, request: Request) -> None:
        """It will arrive, and nobody waits for the answer."""
        ...


class Wire:
    """`failing` is whether the last answer was no honest one; `far` who answers at present."""

    def __init__(self) -> None:
        self.failing = False
        self.far: Far | None = None
        self._looking = False
        self._lasting: dict[str, str] = {}
        self._quotas: list[Any] = []
        session = Session()
        session.set_credentials("simulation", "simulation")
        self.dynamodb = self._client(session, "dynamodb")
        self.sqs = self._client(session, "sqs")

    def begin(self, far: Far | None) -> None:
        """From now on `far` answers, and botocore has forgotten what it met before."""
        self.far, self.failing = far, False
        self._lasting.clear()
        for one in self._quotas:
            one._available_capacity = one._max_capacity

    @contextmanager
    def honest(self) -> Iterator[None]:
        """Nothing goes wrong, and nobody counts: somebody only looks."""
        kept, self._looking = self._looking, True
        try:
            yield
        finally:
            self._looking = kept

    def _client(self, session: Session, service: str) -> Any:
        config = client_config().merge(Config(signature_version=UNSIGNED))
        module: Any = quota
        kept = module.RetryQuota

        def remembered() -> Any:
            self._quotas.append(kept())
            return self._quotas[-1]

        module.RetryQuota = remembered
        try:
            client: Any = session.create_client(service, REGION, endpoint_url=ENDPOINT, config=config)
        finally:
            module.RetryQuota = kept
        client.meta.events.register(f"before-send.{service}", self._sent)
        client._make_api_call = self._straight(client._make_api_call)
        return client

    def _straight(self, sent: Callable[[str, Request], Request]) -> Callable[[str, Request], Request]:
        """Where nothing can go wrong any more, or somebody only looks, botocore would hand on what it has
        handed on in every story's bad days, in half of the time: it is left out, unless it is refused."""

        def call(operation: str, asked: Request) -> Request:
            far = self.far
            if far is not None and (self._looking or far.outside.over):
                with suppress(Refused):  # nothing was done, and botocore tells of it in its own way
                    return _received(far.perform(operation, _on_the_wire(asked)))
            return sent(operation, asked)

        return call

    def _sent(self, request: Any, **_: Any) -> AWSResponse:
        """The answer to one HTTP request. Raises what a lost connection raises."""
        far = self.far
        assert far is not None, "nobody is at the other end"
        operation = _text(request.headers["X-Amz-Target"]).rpartition(".")[2]
        asked, kind = json.loads(request.body), KIND_OF[operation]
        if self._looking:
            return self._answered(far, operation, asked, "")
        invocation = _text(request.headers["amz-sdk-invocation-id"])
        fault = self._lasting.get(invocation) or far.outside.fault(kind)
        if fault.endswith(FOR_LONG) or fault == "late":
            self._lasting[invocation] = "down" if fault == "late" else fault
        self.failing = bool(fault)
        answer = self._answered(far, operation, asked, fault.removesuffix(FOR_LONG))
        if kind in WRITES:
            far.outside.done(fault)
            self.failing = bool(fault)
        if fault.startswith("lost"):
            raise ReadTimeoutError(endpoint_url=ENDPOINT)
        return answer

    def _answered(self, far: Far, operation: str, asked: Request, fault: str) -> AWSResponse:
        early = _EARLY.get(fault)
        if early is not None:
            return early(far, operation, asked)
        try:
            rest = _split(operation, asked, far) if fault in ("partial", "short page") else None
            answer = far.perform(operation, asked)
            if rest is not None:
                answer.update(rest)
        except Refused as refused:
            if fault == "broken":
                return _error(500, "InternalServerError", "broken")
            return _refusal(refused)
        return _error(500, "InternalServerError", "broken") if fault == "broken" else _response(200, answer)


@cache
def the_wire() -> Wire:
    """One for the process: clients are dear."""
    return Wire()


def _down(far: Far, operation: str, asked: Request) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=ENDPOINT)


def _late(far: Far, operation: str, asked: Request) -> AWSResponse:
    far.perform_later(operation, asked)
    raise ReadTimeoutError(endpoint_url=ENDPOINT)


def _throttled(far: Far, operation: str, asked: Request) -> AWSResponse:
    return _error(400, far.outside.chance.choice(THROTTLES), "Rate exceeded")


def _conflict(far: Far, operation: str, asked: Request) -> AWSResponse:
    if operation == "TransactWriteItems":
        return _cancelled(far, asked, "TransactionConflict")
    return _error(400, "TransactionConflictException", "Transaction is ongoing for the item")


def _throttled_within(far: Far, operation: str, asked: Request) -> AWSResponse:
    return _cancelled(far, asked, "ThrottlingError")


def _cancelled(far: Far, asked: Request, code: str) -> AWSResponse:
    reasons = [{"Code": "None"} for _ in asked["TransactItems"]]
    far.outside.chance.choice(reasons).update(Code=code, Message=code)
    return _refusal(cancelled(reasons))


_EARLY: dict[str, Callable[[Far, str, Request], AWSResponse]] = {
    "down": _down,
    "late": _late,
    "throttled": _throttled,
    "throttled within": _throttled_within,
    "conflict": _conflict,
    "error": lambda far, operation, asked: _error(500, "InternalServerError", "error"),
    "gateway": lambda far, operation, asked: _bytes(502, _HTML),
}
"""Before any effect."""


def _split(operation: str, asked: Request, far: Far) -> Request | None:
    """Leaves a part of a request undone, and says so as the service would."""
    if operation == "Query":
        asked["Limit"] = 1 + far.outside.chance.randrange(min(asked.get("Limit", 3), 3))
        return None
    if operation == "SendMessageBatch":
        cut = far.outside.chance.randrange(len(asked["Entries"]))
        left = asked["Entries"][cut:]
        asked["Entries"] = asked["Entries"][:cut]
        failed = [{"Id": one["Id"], "Code": "InternalError", "SenderFault": False} for one in left]
        return {"Failed": failed}
    ((table, whole),) = asked["RequestItems"].items()
    if operation == "BatchWriteItem":
        cut = far.outside.chance.randrange(1, len(whole)) if len(whole) > 1 else 1
        asked["RequestItems"] = {table: whole[:cut]}
        return {"UnprocessedItems": {table: whole[cut:]} if whole[cut:] else {}}
    keys = sorted(whole["Keys"], key=repr)
    cut = 1 + far.outside.chance.randrange(len(keys))
    asked["RequestItems"] = {table: {**whole, "Keys": keys[:cut]}}
    return {"UnprocessedKeys": {table: {**whole, "Keys": keys[cut:]}} if keys[cut:] else {}}


def _refusal(refused: Refused) -> AWSResponse:
    body: Request = {"__type": f"com.amazonaws.dynamodb.v20120810#{refused.code}", "message": refused.message}
    if refused.reasons is not None:
        body["CancellationReasons"] = refused.reasons
    return _response(400, body)


def _error(status: int, code: str, message: str) -> AWSResponse:
    return _response(status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": message})


def _response(status: int, body: Request) -> AWSResponse:
    return _bytes(status, json.dumps(body).encode())


def _bytes(status: int, content: bytes) -> AWSResponse:
    headers: Any = {"x-amzn-RequestId": "simulated"}
    response: Any = AWSResponse(ENDPOINT, status, headers, None)
    response._content = content
    answer: AWSResponse = response
    return answer


def _on_the_wire(given: Any) -> Any:
    """As botocore's serializer writes it: bytes are a text."""
    if isinstance(given, dict):
        return {name: _on_the_wire(value) for name, value in given.items()}
    if isinstance(given, list):
        return [_on_the_wire(value) for value in given]
    return b64encode(given).decode() if isinstance(given, bytes) else given


def _received(answer: Request) -> Request:
    """As botocore's parser leaves it: what was bytes is bytes."""
    told = dict(answer)
    for name in ("Item", "Attributes"):
        if name in told:
            told[name] = _with_bytes(told[name])
    if "Items" in told:
        told["Items"] = [_with_bytes(item) for item in told["Items"]]
    if "Responses" in told:
        told["Responses"] = {table: list(map(_with_bytes, rows)) for table, rows in told["Responses"].items()}
    return told


def _with_bytes(item: Item) -> dict[str, Any]:
    return {name: {"B": _decoded(value["B"])} if "B" in value else value for name, value in item.items()}


@lru_cache(10_000)
def _decoded(text: str) -> bytes:
    return b64decode(text)


def _text(header: Any) -> str:
    return header.decode() if isinstance(header, bytes) else str(header)
