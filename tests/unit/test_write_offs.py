"""What of a client's debt may be written off, while other chargebacks of the client are undecided."""

import pytest

from marketplace.funding.chargeback import Chargeback, ChargebackStatus, Withdrawal
from marketplace.funding.receivables import WriteOff, write_off
from marketplace.shared.accounts import client_owner
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.running import run
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
DEBT = 10_000
CLIENT = new_id("cli")


def chargeback(store: MemoryStore, status: ChargebackStatus) -> str:
    """One of which neither wallet nor holds had anything."""
    made = Chargeback(
        id=new_id("chb"),
        client_id=CLIENT,
        top_up_id=new_id("top"),
        dispute="du",
        charge="ch",
        payment_intent="pi",
        amount=Money(DEBT, "USD"),
        reason="fraudulent",
        status=status,
        opened_at=AT,
        position=new_id("chb"),
        withdrawal=Withdrawal(AT, DEBT, wallet=0),
    )
    run(store, cause(), lambda tx: tx.save(made))
    return made.id


def cause() -> Cause:
    return Cause(new_id("evt"), "finance", new_id("req"), AT)


@pytest.mark.parametrize("undecided", [ChargebackStatus.UNDER_REVIEW, ChargebackStatus.WON])
@pytest.mark.parametrize(("paid", "lost"), [(0, DEBT), (4_000, 6_000), (DEBT, 0)])
def test_what_another_chargeback_may_still_settle_is_not_written_off(
    undecided: ChargebackStatus, paid: int, lost: int
) -> None:
    """Of two debts the client has `paid` so much. Once the other is won, its money settles what is left, and
    nobody has lost what the client has in its wallet then."""
    store = MemoryStore()
    ours, other = chargeback(store, ChargebackStatus.LOST), chargeback(store, undecided)
    owner = client_owner(CLIENT)
    store.kept[owner, "USD", "receivable"] = 2 * DEBT - paid
    command = WriteOff(ours, "gone", (other,))
    if lost:
        run(store, cause(), lambda tx: write_off(command, tx))
    else:
        with pytest.raises(IllegalTransition):
            run(store, cause(), lambda tx: write_off(command, tx))
    assert store.balances(owner)["USD"]["receivable"] == DEBT
