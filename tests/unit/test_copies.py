"""A person's copy of their data, and being forgotten while it is prepared."""

from collections.abc import Callable

from marketplace.people import copying, forgetting
from marketplace.people.copying import AddPart
from marketplace.people.forgetting import RequestErasure
from marketplace.people.privacy import ExportPart, export_id, part_id
from marketplace.people.workers import Worker
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000


def test_of_what_is_still_prepared_for_somebody_who_is_forgotten_meanwhile_nothing_stays() -> None:
    store, worker = MemoryStore(), Worker(new_id("wrk"), "Ada", "US", ("en",), (), "", AT)
    export = export_id(worker.id)

    def commit(work: Callable[[Transaction], object]) -> None:
        run(store, Cause(new_id("evt"), "privacy", new_id("req"), AT, repeatable=False), work)

    commit(lambda tx: tx.save(worker))
    commit(lambda tx: copying.request_export(worker.id, Worker, tx))
    commit(lambda tx: copying.add_part(AddPart(export, 0, "what she is like", "1"), tx))
    commit(lambda tx: forgetting.request_erasure(RequestErasure(worker.id, Worker, worker.id, ()), tx))
    commit(lambda tx: forgetting.decide_erasure(worker.id, 0, (), tx))
    commit(lambda tx: forgetting.decide_erasure(worker.id, 1, (), tx))
    commit(lambda tx: forgetting.forget_part(part_id(export, 0), tx))
    commit(lambda tx: copying.add_part(AddPart(export, 1, "what she did", None), tx))
    kept = store.read(ExportPart, part_id(export, 0))
    assert kept is not None
    assert kept[0].content == ""
    assert store.read(ExportPart, part_id(export, 1)) is None
