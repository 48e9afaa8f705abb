"""DynamoDB on a bad day: microburst (PyPI, MIT) between the product's own client and the local cloud.

The n-th request of an operation from now on gets the fault: of microburst's rules the first that matches
acts, so a rule that does nothing lets the first requests pass, `times` long, and the next one has its turn.
(Spoken to by a name with dots, it would read the models of all services to see which is meant: seconds.)
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self
from unittest.mock import patch

import botocore.endpoint
from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst

from marketplace.runtime import Runtime
from marketplace.shared import running
from marketplace.storage.connection import ATTEMPTS_MAX, dynamodb_client
from marketplace.storage.meter import Request

HOST = "127.0.0.1"
STOP_SECONDS_MAX = 5.0
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


@dataclass(frozen=True)
class Trouble:
    """`times` of microburst's rule `does`, from some request on."""

    name: str
    does: dict[str, Any]
    times: int = 1


THROTTLED = Trouble(
    "throttled",
    {"error": {"code": "ProvisionedThroughputExceededException", "status": 400}},
    times=ATTEMPTS_MAX,
)
LOST_ONCE = Trouble("done, its answer lost", {"response": {"abort_bytes": 0}})
LOST = Trouble("done, its answer lost at every attempt", {"response": {"abort_bytes": 0}}, times=ATTEMPTS_MAX)


def is_write(request: Request) -> bool:
    """Whether it may do something twice."""
    return request.operation in WRITES


def troubles_of(request: Request) -> tuple[Trouble, ...]:
    """Everything that may happen to a request: what reads meets no conflict, and does nothing twice."""
    if not is_write(request):
        return THROTTLED, LOST
    return _conflict(request), THROTTLED, LOST_ONCE, LOST


def _conflict(request: Request) -> Trouble:
    """Somebody else's transaction is on the first item. AWS: TransactWriteItems, CancellationReasons."""
    error: dict[str, Any] = {"code": "TransactionConflictException", "status": 400}
    if request.operation == "TransactWriteItems":
        items = len(request.asked["TransactItems"])
        reasons = [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * (items - 1)]
        error |= {"code": "TransactionCanceledException", "fields": {"CancellationReasons": reasons}}
    return Trouble("conflict", {"error": error})


class FaultProxy:
    """Forwards to `upstream` from a thread of its own; `with FaultProxy(endpoint) as proxy`."""

    def __init__(self, upstream: str) -> None:
        self._burst = Microburst(upstream)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)
        self._runner = web.AppRunner(make_app(self._burst))
        self.endpoint = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self.endpoint = f"http://localhost:{self._await(self._listen())}"
        return self

    def __exit__(self, *_: object) -> None:
        self._await(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS_MAX)
        self._loop.close()

    @contextmanager
    def troubled(self, trouble: Trouble, operation: str, *, after: int) -> Iterator[None]:
        """Requests of that operation pass until `after` of them have, then `trouble` comes. Raises
        AssertionError when it has not come by the end."""
        passing = [{"operation": operation, "times": after}] if after else []
        comes = {**trouble.does, "operation": operation, "times": trouble.times}
        *_, rule = self._burst.engine.set_rules([*passing, comes])
        yield
        self._burst.engine.set_rules([])
        assert rule.fired_count == trouble.times, (
            f"{trouble.name} after {after} {operation} came {rule.fired_count} times"
        )

    def client_of(self, runtime: Runtime) -> Any:
        """A client as the product makes its own. One has a quota of retries, for all of its calls together:
        it lasts for about a hundred, and fills up as calls go well."""
        return dynamodb_client(runtime.session, runtime.settings.aws_region, self.endpoint)

    async def _listen(self) -> int:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    def _await(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STOP_SECONDS_MAX)


@contextmanager
def through(client: Any, runtime: Runtime) -> Iterator[None]:
    """The product's tables are reached by this client, and nobody waits between attempts."""
    connection = runtime.store.connection
    with (
        patch.object(connection, "_client", client),
        patch.object(running, "PATIENCE", replace(running.PATIENCE, first_seconds=0.0)),
        patch.object(botocore.endpoint, "time"),
    ):
        yield
