"""Of what lies at our own bank, only what we owe to nobody is ours."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.ledger import postings
from marketplace.ledger.totals import Totals
from marketplace.shared.journal import Journal
from marketplace.treasury.own_payouts import owed_at_bank

CENTS = st.integers(1, 10_000)


def owed(*posted: postings.Postings) -> int:
    moved = (tuple(row for row in rows if row.debit or row.credit) for rows in posted)
    journals = [Journal(f"jrn_{n}", "USD", n, "", rows) for n, rows in enumerate(moved)]
    return owed_at_bank(Totals.of(journals).accounts("USD"))


@given(charged=CENTS, earned=CENTS, cost=CENTS, out=CENTS, back=CENTS)
def test_what_was_paid_out_beyond_what_we_have_earned_is_owed(
    charged: int, earned: int, cost: int, out: int, back: int
) -> None:
    """`earned` is our fee for work that cost the client no less."""
    work = earned + 1
    flow = (
        postings.card_charged("cli", gross=charged + work, receivable=0),
        postings.stripe_fee(cost),
        postings.funded("cli", "con", work),
        postings.released("con", {"wrk": 1}, fee=earned),
        postings.own_bank_payout(-(out + back)),
        postings.own_bank_payout(back),
    )
    assert owed(*flow) == max(0, min(out, out + cost - earned))


def test_nothing_at_our_bank_is_owed_while_nothing_went_there() -> None:
    assert owed(postings.card_charged("cli", gross=100, receivable=0), postings.stripe_fee(90)) == 0
