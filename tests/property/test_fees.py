"""Laws of what each side pays and who gets it, for all amounts, terms, orders and parts."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.contracts.contract import HELD_MAX
from marketplace.contracts.fees import TIERS_MAX, FeeTerms, Tier, WorkerFee
from marketplace.contracts.shares import AgencyShares
from marketplace.people.agency import MEMBERS_MAX, Agency, MemberShare, Terms
from marketplace.shared.errors import DomainError
from marketplace.shared.money import BASIS_POINTS_WHOLE
from tests.deals import Deal

AMOUNTS = st.integers(1, HELD_MAX) | st.integers(1, 1_000)
RATES = st.integers(0, BASIS_POINTS_WHOLE)
SMALL = st.integers(1, 3_000)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


def tiers_of(bounds: Any, *, at_least: int = 0) -> Any:
    rows = st.lists(
        st.tuples(bounds, RATES), min_size=at_least, max_size=TIERS_MAX, unique_by=lambda row: row[0]
    )
    return rows.map(lambda found: tuple(Tier(*row) for row in sorted(found)))


@st.composite
def worker_fees(draw: Any, bounds: Any = AMOUNTS) -> WorkerFee:
    extras = st.sampled_from([0, 0, 1, 30, 50, 10**6])
    return WorkerFee(draw(RATES), draw(tiers_of(bounds)), draw(extras), draw(extras))


@st.composite
def shares(draw: Any) -> AgencyShares:
    cuts = draw(st.lists(st.integers(1, BASIS_POINTS_WHOLE - 1), max_size=MEMBERS_MAX - 1, unique=True))
    parts = [upto - start for start, upto in pairwise([0, *sorted(cuts), BASIS_POINTS_WHOLE])]
    return AgencyShares("agn_1", 1, tuple(MemberShare(f"wrk_{n}", part) for n, part in enumerate(parts)))


@given(worker_fees(), AMOUNTS, st.integers(0, HELD_MAX))
def test_a_fee_is_never_negative_and_never_above_the_work(fee: WorkerFee, gross: int, billed: int) -> None:
    assert 0 <= fee.between(0, gross, billed=billed) <= gross


@given(worker_fees(), st.lists(st.integers(0, HELD_MAX), min_size=3, max_size=3), st.integers(0, HELD_MAX))
def test_what_a_piece_costs_in_parts_is_what_it_costs_at_once(
    fee: WorkerFee, cuts: list[int], billed: int
) -> None:
    spans = list(pairwise([0, *sorted(cuts)]))
    parts = [fee.between(earlier, upto, billed=billed + earlier) for earlier, upto in spans]
    assert sum(parts) == fee.between(0, max(cuts), billed=billed)
    for (earlier, upto), part in zip(spans, parts, strict=True):
        assert 0 <= part <= upto - earlier


@given(worker_fees(), AMOUNTS, AMOUNTS)
def test_more_work_never_costs_less_and_never_brings_less(fee: WorkerFee, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert fee.share(less) <= fee.share(more)
    assert less - fee.between(0, less) <= more - fee.between(0, more)


@given(RATES, tiers_of(AMOUNTS, at_least=1), st.lists(AMOUNTS, min_size=1, max_size=8), st.randoms())
def test_tiers_know_neither_order_nor_parts(
    rate: int, tiers: tuple[Tier, ...], grosses: list[int], chance: Any
) -> None:
    fee, whole = WorkerFee(rate, tiers), sum(grosses)
    chance.shuffle(grosses)
    cost = sum(
        fee.between(0, gross, billed=billed)
        for gross, billed in zip(grosses, accumulate(grosses, initial=0), strict=False)
    )
    assert cost == fee.share(whole) == fee.between(0, whole)


@given(RATES, AMOUNTS)
def test_a_tier_begins_after_its_bound(rate: int, above: int) -> None:
    fee = WorkerFee(rate, (Tier(above, BASIS_POINTS_WHOLE),))
    assert fee.share(above) == WorkerFee(rate).share(above)
    assert fee.share(above + 1) - fee.share(above) == 1


@given(RATES, st.integers(1, TIERS_MAX), AMOUNTS)
def test_tiers_of_one_rate_are_no_tiers(rate: int, count: int, billed: int) -> None:
    tiers = tuple(Tier(10**n, rate) for n in range(1, count + 1))
    assert WorkerFee(rate, tiers).share(billed) == WorkerFee(rate).share(billed)


@given(shares(), st.integers(0, HELD_MAX))
def test_a_split_hands_out_every_unit_and_nobody_is_a_unit_off(agency: AgencyShares, net: int) -> None:
    parts = agency.split(net)
    assert sum(part for _, part in parts) == net
    for member, (_, part) in zip(agency.members or (), parts, strict=True):
        assert abs(part * BASIS_POINTS_WHOLE - net * member.basis_points) < BASIS_POINTS_WHOLE


STEPS = st.lists(
    st.tuples(st.sampled_from(["fund", "approve", "drop", "bonus", "fund", "approve"]), SMALL), max_size=14
)


@st.composite
def deals(draw: Any) -> Deal:
    extras = st.sampled_from([None, None, 1, 40])
    terms = FeeTerms(
        "fee_1",
        draw(tiers_of(SMALL)) or None,
        draw(extras),
        draw(extras),
        draw(st.none() | RATES),
    )
    agency = draw(st.none() | shares())
    return Deal(draw(RATES), terms, agency=agency, currency=draw(CURRENCIES))


@settings(max_examples=80, deadline=None)
@given(deals(), STEPS)
def test_whatever_happens_to_a_contract_every_cent_has_one_owner(
    deal: Deal, steps: Sequence[tuple[str, int]]
) -> None:
    funded: list[str] = []
    bonuses = 0
    for step, amount in steps:
        if step == "fund":
            funded.append(deal.fund(amount))
        elif step == "bonus":
            deal.bonus(amount)
            bonuses += amount
        elif funded:
            (deal.approve if step == "approve" else deal.drop)(funded.pop(amount % len(funded)))
        hold_the_laws(deal, bonuses)
    deal.end()
    hold_the_laws(deal, bonuses)
    assert deal.fee_held == 0


def hold_the_laws(deal: Deal, bonuses: int) -> None:
    contract = deal.contract()
    members = deal.agency.members if deal.agency else (MemberShare("wrk_ada", BASIS_POINTS_WHOLE),)
    earned = sum(deal.available(row.worker_id.removeprefix("wrk_")) for row in members or ())
    assert deal.spent == contract.held + deal.fee_held + earned + deal.fees_earned
    assert deal.fee_held == contract.client_fee_held >= 0
    assert earned <= contract.released + bonuses
    assert deal.billed == (contract.released + bonuses if contract.worker_fee.tiers else 0)


@settings(max_examples=60, deadline=None)
@given(RATES, st.lists(SMALL, min_size=1, max_size=6), st.lists(SMALL, max_size=3), st.randoms())
def test_the_clients_fee_is_the_same_on_every_way(
    rate: int, kept: list[int], dropped: list[int], chance: Any
) -> None:
    deal = Deal(0, FeeTerms("fee_1", client_basis_points=rate))
    rows: list[tuple[Any, str]] = [(deal.approve, deal.fund(amount)) for amount in kept]
    rows += [(deal.drop, deal.fund(amount)) for amount in dropped]
    chance.shuffle(rows)
    for settle, row in rows:
        settle(row)
    assert deal.fees_earned == deal.contract().client_fee(sum(kept))
    assert deal.spent == sum(kept) + deal.fees_earned


WORKERS = [f"wrk_{n}" for n in range(4)]
INVITING = st.tuples(
    st.sampled_from(["inviting", "joined", "declined", "left", "removing"]),
    st.sampled_from(WORKERS),
    st.builds(Terms, st.integers(0, BASIS_POINTS_WHOLE), st.booleans()),
)


@given(st.lists(INVITING, max_size=20))
def test_an_agencys_shares_always_add_up_and_change_with_its_version(
    steps: list[tuple[str, str, Terms]],
) -> None:
    agency = Agency("agn_1", "Both", WORKERS[0], 0)
    for step, worker, offered in steps:
        try:
            changed = (
                agency.inviting(worker, offered) if step == "inviting" else getattr(agency, step)(worker)
            )
        except DomainError:
            continue
        assert sum(share.basis_points for share in changed.shares) == BASIS_POINTS_WHOLE
        assert min(share.basis_points for share in changed.shares) > 0
        assert changed.shares == agency.shares or changed.version > agency.version
        agency = changed


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_the_largest_hold_is_split_without_loss(currency: str) -> None:
    fee = WorkerFee(1_234, (Tier(HELD_MAX // 2, 567),), 30, 50)
    cost = fee.between(0, HELD_MAX)
    shares = AgencyShares("agn_1", 1, (MemberShare("wrk_a", 3_333), MemberShare("wrk_b", 6_667)))
    assert cost + sum(part for _, part in shares.split(HELD_MAX - cost)) == HELD_MAX
