"""Who pays what and who gets it, in numbers that can be followed with a pencil; dollars stand in cents."""

from dataclasses import replace
from functools import partial
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.contracts.fees import Tier, WorkerFee
from marketplace.contracts.paying import pay_between
from marketplace.ledger import postings
from marketplace.shared.accounts import FEES, worker_owner
from marketplace.shared.events import EventType
from marketplace.shared.transaction import Transaction
from tests.deals import Deal, agency, terms
from tests.piecework import Piecework
from tests.shifts import Shift

TWENTY_TEN_FIVE = ((50_000, 1_000), (1_000_000, 500))
"""20 % of the first 500.00, 10 % up to 10,000.00, 5 % of what is billed above."""


def test_without_a_schedule_a_tenth_is_ours() -> None:
    deal = Deal()
    assert deal.pay(10_000) == 1_000
    assert deal.available() == 9_000
    assert deal.spent == 10_000


def test_tiers_are_marginal_each_part_of_a_billing_at_its_own_rate() -> None:
    deal = Deal(2_000, terms(*TWENTY_TEN_FIVE))
    assert deal.pay(40_000) == 8_000  # 400.00 at 20 %: 80.00
    assert deal.pay(20_000) == 3_000  # 100.00 at 20 % and 100.00 at 10 %: 20.00 + 10.00
    assert deal.pay(960_000) == 95_000  # 9,400.00 at 10 % and 200.00 at 5 %: 940.00 + 10.00
    assert deal.billed == 1_020_000
    assert deal.fees_earned == 10_000 + 95_000 + 1_000  # 500 at 20 %, 9,500 at 10 %, 200 at 5 %
    assert deal.available() == 1_020_000 - 106_000


def test_the_last_cent_of_a_tier_is_still_at_its_rate() -> None:
    deal = Deal(2_000, terms((100, 0)))
    assert deal.pay(100) == 20  # all of it at 20 %
    assert deal.pay(100) == 0  # all of it above


def test_the_same_work_costs_the_same_in_any_pieces() -> None:
    whole, pieces = Deal(2_000, terms(*TWENTY_TEN_FIVE)), Deal(2_000, terms(*TWENTY_TEN_FIVE))
    whole.pay(60_003)
    for amount in (49_999, 3, 1, 10_000):
        pieces.pay(amount)
    assert whole.fees_earned == pieces.fees_earned == 11_000  # 100.00, and 10 % of 100.03: 10.003, to 10.00


def test_billings_of_one_client_and_worker_count_over_all_their_contracts() -> None:
    deal = Deal(2_000, terms(*TWENTY_TEN_FIVE))
    second = deal.sign()
    assert deal.pay(50_000) == 10_000
    assert deal.pay(50_000, second) == 5_000


def test_a_fixed_amount_is_charged_for_each_release() -> None:
    deal = Deal(290, terms(fixed=30))
    assert deal.pay(1_000) == 59  # 2.9 % of 10.00 is 0.29, and 0.30
    assert deal.pay(1_000) == 59
    assert deal.available() == 2_000 - 2 * 59


def test_a_minimum_lifts_a_small_fee_and_never_exceeds_the_work() -> None:
    deal = Deal(1_000, terms(minimum=50))
    assert deal.pay(400) == 50  # a tenth would be 0.40
    assert deal.pay(600) == 60  # a tenth is more
    assert deal.pay(30) == 30  # there is no more to take
    assert deal.available() == 350 + 540


def test_a_session_paid_in_parts_has_its_fixed_amount_and_its_minimum_once() -> None:
    shift = Shift(rate="600")
    with_terms(shift, shift.contract_id, fees=terms(fixed=30, minimum=100))
    session = shift.worked(600)  # ten minutes at 6.00: 60.00
    shift.dispute(session, 30)  # the client accepts 3.00 of it: 0.30 + 0.30 is below 1.00
    assert shift.available == 300 - 100
    shift.approve(shift.session(session.id))
    assert shift.available == 6_000 - 630  # in the end 6.00 and 0.30, as if it had been paid at once


def test_halves_are_rounded_up_once_for_each_release() -> None:
    deal = Deal(1_000)
    assert [deal.pay(15) for _ in range(3)] == [2, 2, 2]  # 1.5 cents each


def test_yen_have_no_cents_and_dinars_have_thousandths() -> None:
    yen, dinar = Deal(1_250, currency="JPY"), Deal(1_250, currency="KWD")
    assert yen.pay(999) == 125  # 12.5 % of 999 yen: 124.875
    assert dinar.pay(1_005) == 126  # 12.5 % of 1.005 dinars: 0.125625


def test_the_clients_fee_comes_on_top_and_is_reserved_with_the_hold() -> None:
    deal = Deal(1_000, terms(client_basis_points=300))
    row = deal.fund(10_000)
    assert deal.spent == 10_300  # 100.00 and 3 %
    assert (deal.contract().held, deal.fee_held) == (10_000, 300)
    deal.approve(row)
    assert (deal.available(), deal.fees_earned, deal.fee_held) == (9_000, 1_300, 0)


def test_the_clients_fee_on_what_is_returned_goes_back() -> None:
    deal = Deal(1_000, terms(client_basis_points=300))
    kept, dropped = deal.fund(10_000), deal.fund(5_000)
    assert deal.spent == 15_450
    deal.drop(dropped)
    assert deal.spent == 10_300
    deal.approve(kept)
    deal.end()
    assert (deal.spent, deal.fees_earned) == (10_300, 1_300)


def test_the_clients_fee_is_rounded_once_for_the_whole_contract() -> None:
    deal = Deal(0, terms(client_basis_points=300))
    rows = [deal.fund(50) for _ in range(3)]  # 1.5 cents each, 4.5 together
    assert deal.spent == 150 + 5
    for row in rows:
        deal.approve(row)
    assert (deal.fees_earned, deal.fee_held) == (5, 0)


def test_a_bonus_has_both_fees_too() -> None:
    deal = Deal(1_000, terms(client_basis_points=300))
    deal.bonus(1_000)
    assert (deal.spent, deal.available(), deal.fees_earned) == (1_030, 900, 130)


def test_an_agency_shares_the_net_to_the_cent() -> None:
    deal = Deal(1_000, agency=agency(ada=5_000, ben=3_333, cleo=1_667))
    deal.pay(1_115)  # the fee is 1.115, to 1.12; 10.03 are left: 5.015, 3.343, 1.672
    assert [deal.available(name) for name in ("ada", "ben", "cleo")] == [502, 334, 167]
    assert deal.fees_earned == 112


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    deal = Deal(0, agency=agency(ada=3_334, ben=3_333, cleo=3_333))
    deal.pay(100)  # 33.34, 33.33, 33.33
    assert [deal.available(name) for name in ("ada", "ben", "cleo")] == [34, 33, 33]


def test_a_reversed_result_goes_back_down_the_tiers() -> None:
    job = tiered_job()
    first, second = (job.accept(job.submit()) for _ in range(2))
    assert (first.net, second.net) == (400, 450)  # 5.00 at 20 %, then 5.00 at 10 %
    job.reverse(first)
    assert job.balance("available") == 400  # as if only one had ever been paid: 5.00 at 20 %
    job.reverse(second)
    assert job.balance("available") == 0
    assert fees_of(job) == 0


def test_a_reversal_takes_from_each_member_what_each_got_and_one_owes_for_nobody_else() -> None:
    job = Piecework(price=1_000)
    with_terms(job, job.contracts[0], agency=agency(ada=6_000, ben=4_000))
    result = job.accept(job.submit())  # 9.00 are left: 5.40 and 3.60
    of_ada, of_ben = (partial(figure, job, f"wrk_{name}") for name in ("ada", "ben"))
    assert (of_ada("available"), of_ben("available")) == (540, 360)
    assert (of_ada("in_review"), of_ben("in_review")) == (0, 0)
    withdrawn(job, "wrk_ben", 300)
    job.reverse(result)
    assert (of_ada("available"), of_ada("owed")) == (0, 0)
    assert (of_ben("available"), of_ben("owed")) == (0, 300)


def figure(job: Piecework, worker_id: str, name: str) -> int:
    """A figure of a worker's, minor units."""
    return job.store.kept[worker_owner(worker_id), job.currency, name]


def withdrawn(job: Piecework, worker_id: str, amount: int) -> None:
    """The worker takes money out."""

    def work(tx: Transaction) -> None:
        tx.post(job.currency, "payout requested", postings.payout_requested(worker_id, amount))
        tx.publish(EventType.PAYOUT_REQUESTED, about=(worker_id,))

    job.commit(work)


def tiered_job() -> Piecework:
    """Results at 5.00, a fifth of the first 5.00 ours and a tenth of the rest."""
    job = Piecework(price=500)
    with_terms(job, job.contracts[0], fee_basis_points=2_000, fees=terms((500, 1_000)))
    return job


def with_terms(work: Piecework | Shift, contract_id: str, **changed: Any) -> None:
    """The contract with other terms."""
    work.commit(lambda tx: tx.save(replace(tx.get(Contract, contract_id), **changed)))


def fees_of(job: Piecework) -> int:
    """Credits less debits of our fees."""
    rows = [row for event in job.events if event.journal for row in event.journal.postings]
    return sum(row.credit - row.debit for row in rows if row.account == FEES)


def test_what_is_expected_of_a_piece_is_told_as_if_it_were_paid_next() -> None:
    deal = Deal(2_000, terms(*TWENTY_TEN_FIVE))
    assert pay_between(deal.contract(), 0, 20_000, billed=40_000).net == 20_000 - 3_000


def test_a_table_of_rates_by_hand() -> None:
    fee = WorkerFee(2_000, (Tier(50_000, 1_000), Tier(1_000_000, 500)))
    by_hand = {0: 0, 1: 0, 3: 1, 50_000: 10_000, 50_001: 10_000, 50_005: 10_001, 2_000_000: 155_000}
    assert {billed: fee.share(billed) for billed in by_hand} == by_hand
