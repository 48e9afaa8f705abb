"""A break is one whoever finds it, and closes exactly when its lines are seen elsewhere."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.reconciliation.breaks import Break, break_of
from marketplace.reconciliation.judging import ELSEWHERE, MET, beside, judge
from marketplace.reconciliation.matching import SLACK_SECONDS, Finding, Line, Outcome, Side, match
from marketplace.reconciliation.run import BREAKS_MAX, Reconciliation
from marketplace.reconciliation.sides import Window
from tests.property.test_matching import line, lines

DAY = 86_400
FIRST, SECOND = (Reconciliation(name, 0, DAY, 2 * DAY) for name in ("rec_1", "rec_2"))


def kept(findings: list[Finding], run: Reconciliation = FIRST) -> list[Break]:
    return [one for one in judge(findings, [], run, 5).found if one.outcome != Outcome.TIMING]


@settings(max_examples=50)
@given(lines(Side.LEDGER), lines(Side.STRIPE))
def test_whoever_compares_again_finds_the_same_breaks_and_closes_none(
    ledger: list[Line], stripe: list[Line]
) -> None:
    findings = match(ledger, stripe)
    first = judge(findings, [], FIRST, 5)
    again = judge(findings, kept(findings), SECOND, 6)
    assert [one.id for one in again.found] == [one.id for one in first.found]
    assert len({one.id for one in first.found}) == len(first.found)
    assert again.closings == ()


@settings(max_examples=50)
@given(lines(Side.LEDGER), lines(Side.STRIPE), lines(Side.LEDGER), lines(Side.STRIPE))
def test_a_break_closes_when_all_its_lines_are_seen_and_it_is_not_found(
    ledger: list[Line], stripe: list[Line], ours: list[Line], theirs: list[Line]
) -> None:
    still_open, later = kept(match(ledger, stripe)), match(ours, theirs)
    judged = judge(later, still_open, SECOND, 6)
    found = {one.id for one in judged.found}
    seen = {one.id for finding in later for one in finding.lines}
    for one in still_open:
        gone = one.id not in found and {row.id for row in one.lines} <= seen
        assert (one.id in {closing.break_id for closing in judged.closings}) == gone


@given(st.integers(0, 300 * DAY), st.sampled_from([Side.LEDGER, Side.STRIPE]))
def test_the_other_side_closes_a_break_however_late_it_comes(late: int, first: Side) -> None:
    ours = replace(line(Side.LEDGER, "jrn_1#00", -900, "tr_1"), at=late if first == Side.STRIPE else 0)
    theirs = replace(line(Side.STRIPE, "txn_1#movement", -900, "txn_1", "tr_1"), at=late - ours.at)
    early, other = (ours, theirs) if first == Side.LEDGER else (theirs, ours)
    (found,) = kept([Finding(_MISSING[first], *_sides(early))])

    window = Window(late // DAY * DAY, late // DAY * DAY + DAY)
    near = [replace(one, inside=window.holds(one.at)) for one in (early, other) if window.reads(one.at)]
    ledger, stripe = ([one for one in near if one.side == side] for side in Side)
    findings = match(ledger, stripe, beside(window, [found]))
    judged = judge(findings, [found], SECOND, 6)
    assert [(one.break_id, one.reason) for one in judged.closings] == [(found.id, MET)]
    (pair,) = judged.found or (None,)
    far = pair is not None and pair.far_from is not None
    assert far == (late >= SLACK_SECONDS)
    if pair is not None and far:  # and whoever compares the later day again still finds it
        again = match(ledger, stripe, beside(window, [pair]))
        assert [one.id for one in judge(again, [], SECOND, 7).found] == [pair.id]


_MISSING = {Side.LEDGER: Outcome.MISSING_IN_STRIPE, Side.STRIPE: Outcome.MISSING_IN_LEDGER}


def _sides(one: Line) -> tuple[Line | None, Line | None]:
    return (one, None) if one.side == Side.LEDGER else (None, one)


def test_a_line_that_is_near_is_taken_before_one_that_was_open() -> None:
    old = replace(line(Side.LEDGER, "jrn_0", -900, "tr_1", inside=False), at=0)
    new, theirs = line(Side.LEDGER, "jrn_1", -900, "tr_1"), line(Side.STRIPE, "txn_1", -900, "tr_1")
    assert match([new], [theirs], [old]) == [Finding(Outcome.MATCHED, new, theirs)]


def test_an_unequal_journal_replaces_a_missing_one_and_says_so() -> None:
    theirs = line(Side.STRIPE, "txn_1", -900, "tr_1")
    (missing,) = kept(match([], [theirs]))
    judged = judge(match([line(Side.LEDGER, "jrn_1", -901, "tr_1")], [theirs]), [missing], SECOND, 6)
    assert [one.outcome for one in judged.found] == [Outcome.AMOUNT_MISMATCH]
    assert [(one.break_id, one.reason) for one in judged.closings] == [(missing.id, ELSEWHERE)]


@pytest.mark.parametrize("change", [{"suspense": "jrn_9"}, {"lines": ()}])
def test_what_is_in_suspense_or_tells_of_no_lines_is_left_to_people(change: dict[str, str]) -> None:
    ours, theirs = line(Side.LEDGER, "jrn_1", -900, "tr_1"), line(Side.STRIPE, "txn_1", -900, "tr_1")
    (missing,) = kept(match([], [theirs]))
    judged = judge(match([ours], [theirs]), [replace(missing, **change)], SECOND, 6)  # type: ignore[arg-type]
    assert (judged.found, judged.closings) == ((), ())


def test_one_of_before_keeps_its_name() -> None:
    finding = Finding(Outcome.MISSING_IN_LEDGER, None, line(Side.STRIPE, "txn_1", -900, "tr_1"))
    old = replace(break_of(finding, FIRST, 5), id="brk_of_a_run", lines=())
    assert [one.id for one in judge([finding], [old], SECOND, 6).found] == ["brk_of_a_run"]


def test_of_too_many_those_are_kept_that_somebody_must_act_on() -> None:
    rows = [line(Side.STRIPE, f"txn_{number}", 1, f"txn_{number}") for number in range(BREAKS_MAX)]
    timing = [Finding(Outcome.TIMING, line(Side.LEDGER, "jrn", 1, "t"), line(Side.STRIPE, "txn", 1, "t"))]
    found = judge([*timing, *match([], rows)], [], FIRST, 5).found
    assert [one.outcome for one in found] == [Outcome.MISSING_IN_LEDGER] * BREAKS_MAX
