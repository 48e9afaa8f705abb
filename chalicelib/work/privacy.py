"""Prepares people's copies of their data, and forgets people, unless something still binds us to them."""

from functools import partial
from itertools import islice
from typing import Any

from marketplace.contracts.contract import ContractStatus
from marketplace.people import forgetting
from marketplace.people.privacy import PART_CHARS_MAX, PARTS_MAX, Export
from marketplace.runtime import Runtime
from marketplace.shared.accounts import client_owner, worker_owner
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run
from marketplace.storage import keys

ACTOR = "privacy"
ROWS_PER_PART = 500

_OVER = (ContractStatus.COMPLETED, ContractStatus.CANCELLED)
_BESIDE_BALANCES = ("withdrawn",)


def work(event: Event, runtime: Runtime) -> None:
    """Raises what the tables raise: then it is worked on again."""
    if event.type == EventType.EXPORT_REQUESTED:
        _export(event, runtime)
    if event.type == EventType.ERASURE_REQUESTED:
        subject_id = event.about[1]
        reasons = what_binds(runtime, subject_id)
        if not reasons and prefix_of(subject_id) == "wrk":
            _forget(event, runtime, subject_id)
        _run(event, runtime, "ended", partial(forgetting.finish_erasure, subject_id, reasons))


def what_binds(runtime: Runtime, subject_id: str) -> tuple[str, ...]:
    """Why a client or a worker cannot be forgotten yet: money that is theirs, ours or under way, and
    contracts that are not over."""
    worker = subject_id.startswith("wrk_")
    owner = worker_owner(subject_id) if worker else client_owner(subject_id)
    money = {
        f"money:{name}"
        for names in runtime.store.balances(owner).values()
        for name, amount in names.items()
        if amount and name not in _BESIDE_BALANCES
    }
    listing = keys.WORKER_CONTRACTS if worker else keys.CLIENT_CONTRACTS
    is_open = any(contract.status not in _OVER for contract in runtime.reads.every(listing, subject_id))
    under_way = worker and any(runtime.reads.ids(keys.WORKER_MONEY_AWAY, subject_id))
    further = ("contracts:open",) * is_open + ("money:under_way",) * under_way
    return (*sorted(money), *further)


def _forget(event: Event, runtime: Runtime, worker_id: str) -> None:
    from chalicelib.work.forgotten import forget

    forget(runtime, worker_id, partial(_run, event, runtime))


def _export(event: Event, runtime: Runtime) -> None:
    from chalicelib.work import copies

    export_id, worker_id = event.about[:2]
    found = runtime.store.read(Export, export_id)
    if found is None:
        raise LookupError(export_id)
    parts = copies.parts(runtime, worker_id, characters=PART_CHARS_MAX, rows_max=ROWS_PER_PART)
    count = 0
    for number, content in enumerate(islice(parts, PARTS_MAX)):
        _run(event, runtime, f"part {number}", partial(forgetting.keep_part, export_id, number, content))
        count = number + 1
    complete = next(parts, None) is None
    _run(event, runtime, "ready", partial(forgetting.finish_export, export_id, count, complete=complete))


def _run(event: Event, runtime: Runtime, step: str, work: Any) -> None:
    name = f"{event.id}:{step}"
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
