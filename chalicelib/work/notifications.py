"""Sends what is due to clients' endpoints.

    message ──> due? ──> endpoint rests, or is gone ──> put off, or dropped
                  └────> POST ──> what came of it is written down

A batch is sent side by side. What is slow to answer holds no more than SENDING_MAX threads of a process: from
the first slow answer on its endpoint rests, and what else is due there is put off.

It is sent first and written down afterwards: a crash in between sends it again, with the same id. A receiver
that fails is no failure of the message, since the delivery's own clock tries again; only what cannot be read
or written comes back from the queue.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from weakref import WeakValueDictionary

from chalicelib.log import logger
from marketplace.notifications import signing
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.endpoint import Endpoint
from marketplace.notifications.ports import SLOW_SECONDS, Heard
from marketplace.notifications.use_cases import note_slow, record_try, stand_back
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction

ACTOR = "notifications"
SENDING_MAX = 5
"""How many are under way to one endpoint from one process."""
_GUARD = threading.Lock()
_SLOTS: WeakValueDictionary[str, threading.BoundedSemaphore] = WeakValueDictionary()


def together(events: Iterable[Event], runtime: Runtime) -> None:
    """All of a batch side by side: it takes as long as its slowest receiver."""
    batch = tuple(events)
    with ThreadPoolExecutor(max(1, len(batch)), thread_name_prefix="sender") as hands:
        for _ in hands.map(lambda event: work(event, runtime), batch):
            pass


def sent_already(event: Event, runtime: Runtime) -> None:
    """What is left to do for each message of a batch: nothing."""


def work(event: Event, runtime: Runtime) -> None:
    """One try. Raises whatever the tables raise."""
    now, delivery_id = runtime.clock.now(), event.about[0]
    found = runtime.store.read(Delivery, delivery_id)
    if found is None or not found[0].is_due(now):
        return
    delivery = found[0]
    holder = runtime.store.read(Endpoint, delivery.endpoint_id)
    endpoint = holder[0] if holder else None
    if endpoint is None or not endpoint.takes_now(now):
        _write(event, runtime, partial(stand_back, delivery_id))
        return
    slots = _slots(endpoint.id)
    if not slots.acquire(timeout=SLOW_SECONDS):
        _write(event, runtime, partial(stand_back, delivery_id))
        return
    try:
        heard = _sent(delivery, endpoint, event, runtime)
    finally:
        slots.release()
    _write(event, runtime, partial(record_try, delivery_id, delivery.tries, heard))


def _sent(delivery: Delivery, endpoint: Endpoint, event: Event, runtime: Runtime) -> Heard:
    body, keys = delivery.body.encode(), endpoint.secrets(runtime.clock.now())
    headers = signing.headers(delivery.event_id, body, keys, at=int(time.time()))
    return runtime.webhooks.send(endpoint.url, headers, body, lambda: _warn(endpoint.id, event, runtime))


def _warn(endpoint_id: str, event: Event, runtime: Runtime) -> None:
    try:
        _write(event, runtime, partial(note_slow, endpoint_id))
    except Exception:  # noqa: BLE001  the attempt itself goes on, and is written down
        logger.exception("a slow endpoint was not noted", about=endpoint_id)


def _slots(endpoint_id: str) -> threading.BoundedSemaphore:
    """What bounds how many are under way to one endpoint from here; forgotten when nobody holds it."""
    with _GUARD:
        return _SLOTS.setdefault(endpoint_id, threading.BoundedSemaphore(SENDING_MAX))


def _write(event: Event, runtime: Runtime, change: Callable[[Transaction], None]) -> None:
    cause = Cause(
        event_id=new_id("evt"),
        actor=ACTOR,
        request_id=event.request_id,
        at=runtime.clock.now(),
        repeatable=False,
        caused_by=event.id,
    )
    run(runtime.store, cause, change)
