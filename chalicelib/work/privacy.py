"""Prepares people's copies of their data, and forgets people, unless something still binds us to them."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from chalicelib.work.ties import what_binds
from marketplace.compliance.document import forget_document
from marketplace.compliance.exams import forget_attempt
from marketplace.compliance.qualifications import forget_holding
from marketplace.contracts.contract import Contract
from marketplace.notifications.endpoint import Register, register_id
from marketplace.notifications.use_cases import OwnEndpoint, delete_endpoint
from marketplace.people import forgetting
from marketplace.people.privacy import (
    PART_CHARS_MAX,
    PARTS_MAX,
    Erasure,
    ErasureStatus,
    Export,
    ExportStatus,
    erasure_id,
)
from marketplace.people.workers import Worker
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.running import consequence, run
from marketplace.storage import keys
from marketplace.storage.keys import Listing

ACTOR = "privacy"
ROWS_PER_PART = 500

Row = dict[str, Any]


def work(event: Event, runtime: Runtime) -> None:
    """Raises what the tables raise: then it is worked on again."""
    if event.type == EventType.EXPORT_REQUESTED:
        _export(event, runtime)
    if event.type == EventType.ERASURE_REQUESTED:
        _erase(event, runtime)


def _erase(event: Event, runtime: Runtime) -> None:
    """The papers last: only whoever has been erased has none, however often and late this is told."""
    subject_id = event.about[1]
    reasons = what_binds(runtime, subject_id)
    _run(event, runtime, "ended", partial(forgetting.finish_erasure, subject_id, reasons))
    ended = runtime.store.read(Erasure, erasure_id(subject_id))
    if ended is not None and ended[0].status == ErasureStatus.ERASED:
        _forget_papers(event, runtime, subject_id)
        _send_nothing_more(event, runtime, subject_id)


def _forget_papers(event: Event, runtime: Runtime, subject_id: str) -> None:
    for document in runtime.reads.every(keys.WORKER_DOCUMENTS, subject_id):
        runtime.objects.delete(document.id)
        _run(event, runtime, document.id, partial(forget_document, document.id))
    for holding in runtime.reads.every(keys.WORKER_HOLDINGS, subject_id):
        _run(event, runtime, holding.id, partial(forget_holding, holding.id))
    for attempt in runtime.reads.every(keys.WORKER_ATTEMPTS, subject_id):
        _run(event, runtime, attempt.id, partial(forget_attempt, attempt.id))


def _send_nothing_more(event: Event, runtime: Runtime, client_id: str) -> None:
    """Nobody is there to whom a client's systems could tell anything."""
    found = runtime.store.read(Register, register_id(client_id))
    for endpoint_id in found[0].endpoints if found else ():
        gone = OwnEndpoint(endpoint_id, client_id)
        _run(event, runtime, endpoint_id, partial(delete_endpoint, gone))


def _export(event: Event, runtime: Runtime) -> None:
    export_id, worker_id = event.about[:2]
    found = runtime.store.read(Export, export_id)
    if found is None:
        raise LookupError(export_id)
    status, finish = found[0].status, partial(forgetting.finish_export, export_id)
    if status == ExportStatus.EXPIRED:
        _run(event, runtime, "ready", partial(finish, PARTS_MAX, complete=False))
    if status != ExportStatus.PREPARING:
        return
    parts = _parts(runtime, worker_id)
    count = 0
    for number, content in enumerate(islice(parts, PARTS_MAX)):
        _run(event, runtime, f"part {number}", partial(forgetting.keep_part, export_id, number, content))
        count = number + 1
    complete = next(parts, None) is None
    _run(event, runtime, "ready", partial(finish, count, complete=complete))


def _parts(runtime: Runtime, worker_id: str) -> Iterator[str]:
    rows: list[Row] = []
    size = 0
    for row in _rows(runtime, worker_id):
        length = len(json.dumps(row))
        if rows and (size + length > PART_CHARS_MAX or len(rows) == ROWS_PER_PART):
            yield json.dumps(rows)
            rows, size = [], 0
        rows.append(row)
        size += length
    yield json.dumps(rows)


def _rows(runtime: Runtime, worker_id: str) -> Iterator[Row]:
    """Everything that the API shows the worker of themselves, as it shows it."""
    from chalicelib.api.agreements import signature_view
    from chalicelib.api.attempts import attempt_line
    from chalicelib.api.bids import bid_view
    from chalicelib.api.contract_views import contract_view
    from chalicelib.api.documents import document_view
    from chalicelib.api.grants import holding_view
    from chalicelib.api.payouts import payout_view
    from chalicelib.api.ratings import rating_view
    from chalicelib.api.screenings import screening_view
    from chalicelib.api.session_views import session_view
    from chalicelib.api.workers import worker_view

    now = runtime.clock.now()
    found = runtime.store.read(Worker, worker_id)
    if found is not None:
        yield worker_view(found[0]).model_dump(mode="json")
    listings: tuple[tuple[Listing[Any], Any], ...] = (
        (keys.WORKER_DOCUMENTS, document_view),
        (keys.WORKER_SIGNATURES, signature_view),
        (keys.WORKER_SCREENINGS, lambda screening: screening_view(screening, runtime)),
        (keys.WORKER_HOLDINGS, holding_view),
        (keys.WORKER_ATTEMPTS, attempt_line),
        (keys.WORKER_BIDS, bid_view),
        (keys.WORKER_CONTRACTS, contract_view),
        (keys.WORKER_SESSIONS, session_view),
        (keys.WORKER_PAYOUTS, lambda payout: payout_view(payout, now)),
        (keys.RATINGS_ABOUT, rating_view),
    )
    for listing, view in listings:
        for aggregate in runtime.reads.every(listing, worker_id):
            yield view(aggregate).model_dump(mode="json")
            if isinstance(aggregate, Contract):
                yield from _results(runtime, aggregate)


def _results(runtime: Runtime, contract: Contract) -> Iterator[Row]:
    from chalicelib.api.results import result_view

    if contract.results is not None:
        for result in runtime.reads.every(keys.CONTRACT_RESULTS, contract.id):
            yield result_view(result).model_dump(mode="json")


def _run(event: Event, runtime: Runtime, step: str, work: Any) -> None:
    name = f"{event.id}:{step}"
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
