"""A screening comes to the same however its events are repeated, reordered or delayed."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.compliance.screening import (
    PATIENCE_SECONDS,
    Finding,
    Screening,
    ScreeningKind,
    ScreeningStatus,
    reference_of,
)

SCREENING = "scr_" + "0" * 26
OPENED = 1_790_000_000
ROUNDS = tuple(reference_of(SCREENING, nonce) for nonce in ("first", "second"))


def begun(reference: str = ROUNDS[0]) -> Screening:
    return Screening(SCREENING, "wrk", ScreeningKind.TAX_FORM, OPENED, OPENED, reference)


def heard(screening: Screening, findings: Sequence[Finding]) -> Screening:
    for finding in findings:
        screening = screening.heard(finding)
    return screening


def findings(reference: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        reference=st.just(reference),
        status=st.sampled_from(ScreeningStatus),
        occurred_at=st.integers(OPENED - 5, OPENED + 5),
        expires_at=st.none() | st.integers(OPENED, OPENED + 3),
        reason=st.none() | st.sampled_from(("a", "b")),
    )


@settings(max_examples=40)
@given(st.lists(findings(ROUNDS[0]), min_size=1, max_size=6), st.data())
def test_the_latest_finding_counts_in_whatever_order_they_come(
    told: list[Finding], data: st.DataObject
) -> None:
    again = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told)))]))
    found = heard(begun(), told)
    assert heard(begun(), again) == found
    assert found.status == max(told, key=lambda finding: finding.rank).status


@settings(max_examples=40)
@given(*(st.lists(findings(reference), max_size=3) for reference in (*ROUNDS[:1], *ROUNDS)))
def test_a_round_that_is_over_is_not_heard_any_more(
    first: list[Finding], late: list[Finding], second: list[Finding]
) -> None:
    passed = Finding(ROUNDS[0], ScreeningStatus.FAILED, OPENED + 9)
    again = heard(begun(), [*first, passed]).opened(OPENED + 10, "second")
    assert heard(again, [*late, *second]) == heard(again, second)


def test_a_provider_that_was_silent_for_too_long_may_still_tell_what_it_found() -> None:
    silent = begun()
    assert silent.waits_until == OPENED + PATIENCE_SECONDS
    told = silent.heard(Finding(ROUNDS[0], ScreeningStatus.PASSED, OPENED + 2 * PATIENCE_SECONDS))
    assert told.passes(OPENED + 3 * PATIENCE_SECONDS)
