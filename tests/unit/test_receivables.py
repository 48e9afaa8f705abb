"""What follows for contested contracts where the lists lag behind."""

from types import SimpleNamespace
from typing import Any, cast

from chalicelib.work.receivables import work
from marketplace.contracts import freezing
from marketplace.contracts.contract import Contract
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.ports import CardDispute
from marketplace.funding.taken_hold import TakenHold, taken_hold_id
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import TAKEN_HOLDS, Listing
from tests.deals import Deal
from tests.fakes.crashing_store import SettableClock


def test_a_contract_that_an_earlier_page_did_not_show_yet_is_released_after_the_last() -> None:
    deal = Deal()
    deal.fund(500)
    dispute = CardDispute("du_1", "won", "x", Money(500, "USD"), "ch_1", "pi_1", new_id("top"), 0, 9, 0)
    opened = Chargeback.opened(dispute, client_id=deal.client_id, position=new_id("chb"), at=0)
    taken = opened.withdrawn(500, wallet=0, at=0).hold_taken(500).reinstated(holds=500, at=0)
    row = TakenHold(taken_hold_id(taken.id, deal.first), taken.id, deal.first, 500)
    frozen = freezing.taken(deal.contract(), taken.id, 500)

    def contest(tx: Transaction) -> None:
        tx.get(Contract, frozen.id)
        tx.save(taken, row, frozen)

    deal.commit(contest)

    def page(listing: Listing[Any], key: str, *, limit: int, before: str | None) -> tuple[list[Any], None]:
        assert (listing, key, limit > 0) == (TAKEN_HOLDS, taken.id, True)
        return ([] if before else [row]), None

    runtime = SimpleNamespace(store=deal.store, reads=SimpleNamespace(page=page), clock=SettableClock())
    deal.store.kept[f"client:{deal.client_id}", "USD", "reinstated"] = 500
    after = {"after": new_id("tkn")}
    last = Event(new_id("evt"), EventType.CHARGEBACK_RELEASING, 0, "x", "req", (taken.id,), details=after)
    work(last, cast("Runtime", runtime))
    assert (deal.contract().held, deal.contract().chargebacks.frozen_by) == (500, ())
