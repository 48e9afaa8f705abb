"""Money that moves twice for one object is found, and what goes back makes room for another."""

from dataclasses import replace

from marketplace.ledger import postings
from marketplace.ledger.audit_effects import Effects
from marketplace.shared.journal import Journal, Posting


def journal(*rows: Posting) -> Journal:
    return Journal("jrn_1", "USD", 0, "a move", tuple(row for row in rows if row.debit or row.credit))


def twice(effects: Effects) -> list[str]:
    found = list(effects.breaches())
    assert {breach.law for breach in found} <= {5}
    return [breach.subject for breach in found]


def test_one_transfer_a_payout_and_one_charge_a_top_up() -> None:
    effects = Effects()
    effects.add(("pay_1", "wrk_1"), journal(*postings.payout_requested("wrk_1", 5)))
    effects.add(("pay_1", "wrk_1"), journal(*postings.transfer_confirmed("wrk_1", 5)))
    effects.add(("top_1",), journal(*postings.card_charged("cli_1", gross=5, receivable=0)))
    assert not twice(effects)
    effects.add(("pay_1", "wrk_1"), journal(*postings.transfer_confirmed("wrk_1", 5)))
    effects.add(("top_1",), journal(*postings.card_charged("cli_1", gross=5, receivable=0)))
    assert twice(effects) == ["pay_1", "top_1"]


def test_a_result_is_paid_once_until_its_pay_has_come_back() -> None:
    effects, about = Effects(), ("res_1", "con_1", "wrk_1")
    paid = journal(*postings.released("con_1", {"wrk_1": 9}, fee=1))
    back = journal(*postings.taken_back("con_1", available={}, owed={"wrk_1": 9}, fee=1))
    returned = journal(*postings.returned("cli_1", "con_1", 10))
    for lawful in (paid, back, returned):
        effects.add(about, lawful)
        assert not twice(effects)
    effects.add(about, paid)
    effects.add(about, paid)
    assert twice(effects) == ["res_1"]


def test_one_refund_a_refund_and_one_withdrawal_a_chargeback() -> None:
    effects = Effects()
    refund, chargeback = ("ref_1", "cli_1", "top_1"), ("chb_1", "cli_1", "top_1")
    taken, undone = postings.refund_taken("cli_1", 5), postings.refund_undone("cli_1", 5, taken=True)
    withdrawn = postings.charged_back("cli_1", wallet=3, receivable=2)
    won = postings.reinstated("cli_1", holds=1, receivable=1, losses=0, wallet=3)
    for about, moved in ((refund, taken), (refund, undone), (chargeback, withdrawn), (chargeback, won)):
        effects.add(about, journal(*moved))
        assert not twice(effects)
    for _ in range(2):
        effects.add(refund, journal(*taken))
        effects.add(chargeback, journal(*withdrawn))
    assert twice(effects) == ["chb_1", "ref_1"]


def test_a_line_is_in_suspense_once_until_it_is_taken_back() -> None:
    effects, about = Effects(), ("sus_1", "brk_1")
    booked, back = (
        journal(*postings.suspended(5)),
        replace(journal(*postings.suspense_reversed(5)), references=("txn_1", "jrn_1")),
    )
    for lawful in (booked, back, booked):
        effects.add(about, lawful)
        assert not twice(effects)
    effects.add(about, booked)
    assert twice(effects) == ["sus_1"]


def test_a_fee_is_not_a_second_charge() -> None:
    effects = Effects()
    effects.add(("top_1", "txn_1"), journal(*postings.card_charged("cli_1", gross=5, receivable=0)))
    effects.add(("top_1", "txn_1"), journal(*postings.stripe_fee(1)))
    assert not twice(effects)


def test_stripe_asks_one_fee_for_an_instant_payout_and_gives_back_no_more() -> None:
    asked, back = journal(*postings.stripe_fee(5)), journal(*postings.stripe_fee(-5))
    effects = Effects()
    for lawful in (asked, back):
        effects.add(("txn_1", "pay_1"), lawful)
        assert not twice(effects)
    effects.add(("txn_1", "pay_1"), back)
    for _ in range(2):
        effects.add(("txn_2", "pay_2"), asked)
    assert twice(effects) == ["pay_1", "pay_2"]


def test_a_milestone_is_paid_once_and_a_payout_has_one_bank_line() -> None:
    effects = Effects()
    milestone, payout = ("mil_1", "con_1"), ("pay_1", "wrk_1")
    paid = journal(*postings.released("con_1", {"wrk_1": 9}, fee=1))
    line, back = (
        journal(*made("wrk_1", 5)) for made in (postings.bank_payout_paid, postings.bank_payout_failed_late)
    )
    fetched = journal(*postings.transfer_reversed("wrk_1", 5, settled=0))
    funded = journal(*postings.funded("cli_1", "con_1", 10))
    for about, moved in (
        (milestone, funded),
        (milestone, paid),
        (payout, line),
        (payout, back),
        (payout, line),
    ):
        effects.add(about, moved)
    effects.add(payout, fetched)
    assert not twice(effects)
    effects.add(payout, line)
    effects.add(milestone, paid)
    assert twice(effects) == ["mil_1", "pay_1"]
