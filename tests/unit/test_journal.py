"""An unbalanced journal cannot exist."""

import pytest

from marketplace.shared.journal import POSTINGS_MAX, Journal, Posting, UnbalancedJournal


def journal(*postings: Posting) -> Journal:
    return Journal(id="jrn_x", currency="USD", at=0, description="", postings=postings)


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting("a", debit=1),),
        (Posting("a", debit=2), Posting("b", credit=1)),
        (Posting("a", debit=1, credit=1), Posting("b", debit=1, credit=1)),
        (Posting("a", debit=-1), Posting("b", credit=-1)),
        (Posting("a", debit=0), Posting("b", credit=0)),
        (Posting("a", debit=1.0), Posting("b", credit=1.0)),  # type: ignore[arg-type]
        (Posting("a", debit=True), Posting("b", credit=True)),
        (Posting("a", debit=POSTINGS_MAX), *[Posting("b", credit=1)] * POSTINGS_MAX),
    ],
)
def test_it_is_refused(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(UnbalancedJournal):
        journal(*postings)


def test_a_balanced_one_stands() -> None:
    assert journal(Posting("a", debit=3), Posting("b", credit=2), Posting("c", credit=1)).postings
