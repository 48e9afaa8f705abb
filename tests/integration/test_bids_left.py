"""Bids that nobody decided on end with their task."""

from collections.abc import Iterator

import pytest

from chalicelib.schedules import fire_all
from chalicelib.work import bids as queue
from marketplace.bidding.bid import Bid
from marketplace.shared.events import EventType
from marketplace.storage import ledger, marks
from sandbox.system import System
from tests.bench import Bench, Person
from tests.people import usd

DAY_SECONDS = 86_400


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


class Posting:
    """A task with a seat for each of `seats`, and a bid of each worker."""

    def __init__(self, bench: Bench, *, seats: int = 1, bids: int = 3) -> None:
        self.bench, self.client = bench, bench.client()
        self.workers = [bench.worker() for _ in range(bids)]
        terms = {"title": "Work", "description": "Do it.", "category": "cx", "seats": seats}
        pay = {"model": "milestone", "budget": usd(100)}
        self.task = self.client.post("tasks", {**terms, "pay": pay})["id"]
        self.client.post(f"tasks/{self.task}/publish")
        self.bids = [self.bid(worker) for worker in self.workers]

    def bid(self, worker: Person) -> str:
        return str(worker.post(f"tasks/{self.task}/bids", {"price": usd(100), "message": "Hi"})["id"])

    def award(self, number: int = 0) -> str:
        return str(self.client.post(f"bids/{self.bids[number]}/award")["id"])

    def tell(self, kind: EventType) -> None:
        for _ in range(2):
            self.bench.message(kind, queue.work, self.task)()

    def statuses(self) -> list[str]:
        return [self.bench.read(Bid, bid).status for bid in self.bids]


def test_a_closed_task_takes_its_bids_with_it(bench: Bench) -> None:
    posting = Posting(bench)
    posting.client.post(f"tasks/{posting.task}/close")
    posting.tell(EventType.TASK_CLOSED)
    assert posting.statuses() == ["expired"] * 3


def test_a_filled_task_keeps_its_bids_for_as_long_as_a_seat_may_come_free(bench: Bench) -> None:
    kept, gone = Posting(bench), Posting(bench)
    for posting in (kept, gone):
        offer = posting.award()
        posting.tell(EventType.BID_AWARDED)
        worker = posting.workers[0]
        worker.post(f"contracts/{offer}/{'decline' if posting is kept else 'accept'}", {})
    bench.pass_time(7 * DAY_SECONDS)
    fire_all(bench.runtime)
    assert (kept.statuses()[1:], gone.statuses()[1:]) == (["submitted"] * 2, ["submitted"] * 2)
    bench.pass_time(DAY_SECONDS)
    fire_all(bench.runtime)
    assert (kept.statuses()[1:], gone.statuses()[1:]) == (["submitted"] * 2, ["expired"] * 2)
    assert kept.award(1)


def test_a_task_with_seats_left_keeps_its_bids(bench: Bench) -> None:
    posting = Posting(bench, seats=2)
    posting.award()
    posting.tell(EventType.BID_AWARDED)
    assert [bench.read(Bid, bid).expires_at for bid in posting.bids] == [None] * 3


def test_a_message_ends_a_bounded_number_of_bids_and_tells_of_the_rest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BIDS_PER_MESSAGE", 2)
    posting = Posting(bench, bids=5)
    posting.client.post(f"tasks/{posting.task}/close")
    bench.message(EventType.TASK_CLOSED, queue.work, posting.task)()
    assert posting.statuses().count("expired") == 2
    for rest in (4, 5):
        told = [event for event in events() if event.type == EventType.TASK_BIDS_LEFT]
        left = [event for event in told if posting.task in event.about]
        assert left
        bench.message(EventType.TASK_BIDS_LEFT, queue.work, posting.task)()
        assert posting.statuses().count("expired") == rest


def events() -> Iterator[ledger.Indexed]:
    for start in marks.marked():
        yield from ledger.events_in(start)
