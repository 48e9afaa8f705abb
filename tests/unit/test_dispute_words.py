"""A word of Stripe's that nobody here knows says nothing: it does not close what the client has answered."""

from typing import cast

import pytest

from marketplace.funding.chargeback import Chargeback, ChargebackStatus, Evidence
from marketplace.funding.dispute_desk import DisputeDesk
from marketplace.funding.ports import CardDispute, CardDisputes
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome
from marketplace.shared.store import Commit, HeadChange
from tests.fakes.memory_store import MemoryStore

AMOUNT = Money(1_000, "USD")
ANSWERED = Chargeback(
    id="chb_1",
    client_id="cli_1",
    top_up_id="top_1",
    dispute="du_1",
    charge="ch_1",
    payment_intent="pi_1",
    amount=AMOUNT,
    reason="fraudulent",
    status=ChargebackStatus.NEEDS_RESPONSE,
    opened_at=1,
    position="chb_1",
    evidence=Evidence("evt_1", given_at=2, for_status=ChargebackStatus.NEEDS_RESPONSE),
)


class Saying:
    """A Stripe whose dispute is in some state."""

    def __init__(self, state: str) -> None:
        self.state = state

    def dispute(self, stripe_id: str) -> Outcome[CardDispute]:
        seen = CardDispute(
            stripe_id, self.state, "fraudulent", AMOUNT, "ch_1", "pi_1", "", created=1, due_by=9, answers=0
        )
        return Done(seen)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.commit(Commit((HeadChange(ANSWERED),), {}, None))
    return made


def hand_over(store: MemoryStore, state: str) -> None:
    disputes = cast("CardDisputes", Saying(state))
    DisputeDesk(store, disputes, store, new_id, "req_1").give_evidence(ANSWERED.id)


def test_a_dispute_that_is_over_takes_no_answer(store: MemoryStore) -> None:
    hand_over(store, "lost")
    assert store.read(Chargeback, ANSWERED.id) != (ANSWERED, 1)


def test_a_word_that_nobody_knows_closes_nothing(store: MemoryStore) -> None:
    with pytest.raises(KeyError):
        hand_over(store, "warning_escalated")
    assert store.read(Chargeback, ANSWERED.id) == (ANSWERED, 1)
