"""The matching engine's laws, over whatever two sides hypothesis can think of."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from marketplace.reconciliation.matching import Finding, Line, Outcome, Part, Side, counts, match

KEYS = st.lists(st.sampled_from(["txn_1", "txn_2", "ch_1", "tr_1", "po_1"]), max_size=3, unique=True)
PAIRED = (Outcome.MATCHED, Outcome.TIMING, Outcome.AMOUNT_MISMATCH)


@st.composite
def lines(draw: st.DrawFn, side: Side) -> list[Line]:
    count = draw(st.integers(0, 8))
    return [
        Line(
            side=side,
            id=f"{side}-{number}",
            at=draw(st.integers(0, 50)),
            currency=draw(st.sampled_from(["USD", "JPY"])),
            amount=draw(st.sampled_from([-500, -29, 100, 500])),
            part=draw(st.sampled_from([*Part, None] if side == Side.LEDGER else list(Part))),
            keys=tuple(draw(KEYS)),
            inside=draw(st.booleans()),
        )
        for number in range(count)
    ]


def line(
    side: Side, identifier: str, amount: int, *keys: str, inside: bool = True, part: Part = Part.MOVEMENT
) -> Line:
    return Line(side, identifier, 0, "USD", amount, part, keys, inside)


def outcomes(ledger: list[Line], stripe: list[Line]) -> list[Outcome]:
    return [finding.outcome for finding in match(ledger, stripe)]


@given(lines(Side.LEDGER), lines(Side.STRIPE))
def test_every_line_inside_ends_in_exactly_one_class(ledger: list[Line], stripe: list[Line]) -> None:
    placed = Counter(line.id for finding in match(ledger, stripe) for line in finding.lines)
    assert max(placed.values(), default=1) == 1
    assert {line.id for line in ledger + stripe if line.inside} <= placed.keys()


@given(lines(Side.LEDGER), lines(Side.STRIPE))
def test_the_counts_add_up(ledger: list[Line], stripe: list[Line]) -> None:
    findings = match(ledger, stripe)
    inside = sum(line.inside for finding in findings for line in finding.lines)
    pairs = sum(len([line for line in finding.lines if line.inside]) - 1 for finding in findings)
    assert sum(counts(findings).values()) == len(findings) == inside - pairs
    assert set(counts(findings)) == {outcome.value for outcome in Outcome}


@given(lines(Side.LEDGER), lines(Side.STRIPE))
def test_a_pair_shares_an_id_and_a_part_and_a_match_is_exact(ledger: list[Line], stripe: list[Line]) -> None:
    for finding in match(ledger, stripe):
        if finding.ledger is None or finding.stripe is None:
            assert finding.outcome not in PAIRED
            continue
        assert finding.outcome in PAIRED
        assert set(finding.ledger.keys) & set(finding.stripe.keys)
        assert finding.ledger.part in (None, finding.stripe.part)
        if finding.outcome != Outcome.AMOUNT_MISMATCH:
            assert (finding.ledger.amount, finding.ledger.currency) == (
                finding.stripe.amount,
                finding.stripe.currency,
            )


@given(lines(Side.LEDGER), lines(Side.STRIPE), st.randoms())
def test_the_order_of_the_lines_does_not_matter(
    ledger: list[Line], stripe: list[Line], random: object
) -> None:
    def shuffled(some: list[Line]) -> list[Line]:
        copy = list(some)
        random.shuffle(copy)  # type: ignore[attr-defined]
        return copy

    def as_set(findings: list[Finding]) -> set[Finding]:
        return set(findings)

    assert as_set(match(ledger, stripe)) == as_set(match(shuffled(ledger), shuffled(stripe)))


@given(lines(Side.STRIPE))
def test_a_ledger_that_mirrors_stripe_matches_it_line_by_line(stripe: list[Line]) -> None:
    named = [
        Line(
            Side.STRIPE,
            f"s{n}",
            one.at,
            one.currency,
            one.amount,
            one.part,
            (f"txn_{n}x", *one.keys),
            one.inside,
        )
        for n, one in enumerate(stripe)
    ]
    mirror = [
        Line(Side.LEDGER, f"l{n}", one.at, one.currency, one.amount, one.part, one.keys[:1], one.inside)
        for n, one in enumerate(named)
    ]
    assert counts(match(mirror, named))["matched"] == sum(one.inside for one in named)


def test_a_charge_matches_its_gross_journal_and_its_fee_journal() -> None:
    ledger = [
        line(Side.LEDGER, "jrn_1#00", 5000, "pi_1", "ch_1"),
        line(Side.LEDGER, "jrn_2#01", -175, "txn_1", "ch_1", part=Part.FEE),
    ]
    stripe = [
        line(Side.STRIPE, "txn_1#movement", 5000, "txn_1", "ch_1"),
        line(Side.STRIPE, "txn_1#fee", -175, "txn_1", "ch_1", part=Part.FEE),
    ]
    assert outcomes(ledger, stripe) == [Outcome.MATCHED, Outcome.MATCHED]


def test_a_payout_and_its_later_failure_keep_apart_by_their_sign() -> None:
    ledger = [line(Side.LEDGER, "jrn_1", -900, "po_1")]
    stripe = [
        line(Side.STRIPE, "txn_1", -900, "txn_1", "po_1"),
        line(Side.STRIPE, "txn_2", 900, "txn_2", "po_1"),
    ]
    assert sorted(outcomes(ledger, stripe)) == [Outcome.MATCHED, Outcome.MISSING_IN_LEDGER]


def test_a_second_journal_for_one_balance_transaction_is_a_duplicate() -> None:
    ledger = [line(Side.LEDGER, "jrn_1", -900, "tr_1"), line(Side.LEDGER, "jrn_2", -900, "tr_1")]
    assert outcomes(ledger, [line(Side.STRIPE, "txn_1", -900, "txn_1", "tr_1")]) == [
        Outcome.MATCHED,
        Outcome.DUPLICATE,
    ]


def test_an_unequal_amount_is_a_mismatch_and_not_two_missing_lines() -> None:
    ledger, stripe = [line(Side.LEDGER, "jrn_1", -900, "tr_1")], [line(Side.STRIPE, "txn_1", -901, "tr_1")]
    assert outcomes(ledger, stripe) == [Outcome.AMOUNT_MISMATCH]


def test_a_partner_beyond_the_edge_is_timing_and_no_partner_is_missing() -> None:
    ours = line(Side.LEDGER, "jrn_1", -900, "tr_1", inside=False)
    theirs = line(Side.STRIPE, "txn_1", -900, "tr_1")
    assert outcomes([ours], [theirs]) == [Outcome.TIMING]
    assert outcomes([], [theirs]) == [Outcome.MISSING_IN_LEDGER]
    assert outcomes([ours], []) == []
