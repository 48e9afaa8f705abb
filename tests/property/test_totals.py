"""The ledger's sums: in every order the same, in every cut the same, and always zero in the end."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.ledger.totals import Totals
from marketplace.shared.journal import Journal, Posting

ACCOUNTS = ("platform:stripe", "platform:fees", "client:a:wallet", "worker:b:available", "contract:c:hold")


@st.composite
def journals(draw: st.DrawFn) -> Journal:
    moves = draw(
        st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(1, 10**9)), min_size=1, max_size=5)
    )
    debits = [Posting(account, debit=amount) for account, amount in moves]
    whole = sum(amount for _, amount in moves)
    postings = (*debits, Posting(draw(st.sampled_from(ACCOUNTS)), credit=whole))
    return Journal("jrn_x", draw(st.sampled_from(["USD", "JPY", "KWD"])), 0, "a move", postings)


@given(st.lists(journals()))
def test_every_currency_adds_up_to_zero(some: list[Journal]) -> None:
    totals = Totals.of(some)
    for currency in totals.currencies:
        assert sum(sides.balance for sides in totals.accounts(currency).values()) == 0
        assert totals.sums(currency).debits == totals.sums(currency).credits


@given(st.lists(journals()), st.integers(0, 20))
def test_sums_of_parts_merge_into_the_sum_of_the_whole(some: list[Journal], cut: int) -> None:
    parts = Totals.of(some[:cut])
    parts.merge(Totals.of(reversed(some[cut:])))
    assert parts == Totals.of(some)


@given(st.lists(journals()))
def test_a_sum_survives_being_written_down(some: list[Journal]) -> None:
    totals = Totals.of(some)
    assert Totals.load(totals.dump()) == totals


@given(st.lists(journals()))
def test_an_account_shows_in_each_of_its_currencies(some: list[Journal]) -> None:
    totals = Totals.of(some)
    for currency, account, sides in totals:
        assert totals.of_account(account)[currency] == sides
