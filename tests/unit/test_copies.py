"""A person's copy of their data, and being forgotten while it is prepared."""

from collections.abc import Callable

from marketplace.people import forgetting
from marketplace.people.forgetting import RequestErasure
from marketplace.people.privacy import ExportPart, export_id, part_id
from marketplace.people.workers import Worker
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000


def test_what_is_still_prepared_for_somebody_who_is_forgotten_meanwhile_is_emptied() -> None:
    store, worker = MemoryStore(), Worker(new_id("wrk"), "Ada", "US", ("en",), (), "", AT)
    export = export_id(worker.id)

    def commit(work: Callable[[Transaction], object]) -> None:
        run(store, Cause(new_id("evt"), "privacy", new_id("req"), AT, repeatable=False), work)

    commit(lambda tx: tx.save(worker))
    commit(lambda tx: forgetting.request_export(worker.id, tx))
    commit(lambda tx: forgetting.keep_part(export, 0, "what she is like", tx))
    commit(lambda tx: forgetting.request_erasure(RequestErasure(worker.id, Worker, worker.id, ()), tx))
    commit(lambda tx: forgetting.finish_erasure(worker.id, (), tx))
    commit(lambda tx: forgetting.keep_part(export, 1, "what she did", tx))
    commit(lambda tx: forgetting.finish_export(export, 2, tx, complete=True))
    for number in range(2):
        kept = store.read(ExportPart, part_id(export, number))
        assert kept is not None
        assert kept[0].content == ""
