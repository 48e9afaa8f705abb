"""Time that is billed twice, unproven, or beyond a cap is named."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from marketplace.ledger.audit import Breach
from marketplace.ledger.audit_minutes import (
    Billed,
    Caps,
    EndedSession,
    cap_breaches,
    session_breaches,
    stretch_breaches,
)

HOUR, DAY = 3_600, 86_400
BILLED = Billed("ses_1", "con_1", begin=100, clocked=60, corrected=30)
SESSION = EndedSession(
    BILLED, ended_at=160, proven_until=160, limit_at=500, gross=90, paid=90, granted=30, next_started_at=190
)


def named(breaches: Iterable[Breach]) -> list[str]:
    found = list(breaches)
    assert {breach.law for breach in found} <= {7}
    return [breach.subject for breach in found]


def test_a_session_that_is_proven_within_its_limit_and_paid_whole_is_lawful() -> None:
    assert not named(session_breaches(SESSION))
    assert not named(session_breaches(replace(SESSION, paid=40, is_paid=False)))
    assert not named(session_breaches(replace(SESSION, paid=40, divided=True)))


@pytest.mark.parametrize(
    "changes",
    [
        {"proven_until": 159},
        {"limit_at": 159},
        {"granted": 29},
        {"next_started_at": 189},
        {"paid": 91},
        {"paid": 89},
        {"paid": -1, "is_paid": False},
    ],
)
def test_a_session_that_is_billed_or_paid_beyond_that_is_named(changes: dict[str, Any]) -> None:
    assert named(session_breaches(replace(SESSION, **changes))) == ["ses_1"]


def test_no_second_is_billed_twice() -> None:
    """What a session billed by rounding up, or was corrected by, is not billed to the next."""
    nothing = Billed("ses_2", "con_1", begin=120, clocked=0)
    following = Billed("ses_3", "con_1", begin=190, clocked=10)
    assert not named(stretch_breaches([BILLED, nothing, following]))
    assert named(stretch_breaches([BILLED, nothing, replace(following, begin=189)])) == ["ses_3"]


@pytest.mark.parametrize(
    ("caps", "lawful"),
    [
        ({"per_day": 3 * HOUR // 2}, True),
        ({"per_day": 3 * HOUR // 2 - 1}, False),
        ({"per_week": 3 * HOUR}, True),
        ({"per_week": 3 * HOUR - 1}, False),
        ({"in_all": 3 * HOUR + 30}, True),
        ({"in_all": 3 * HOUR}, False),
        ({"billed_seconds": 3 * HOUR}, False),
    ],
)
def test_caps_bind_the_local_day_and_week_and_the_contract(*, caps: dict[str, Any], lawful: bool) -> None:
    """An hour on a Saturday in Paris, one over midnight and one on Sunday; half a minute was granted, which
    no day's cap binds."""
    midnight = 1_793_487_600  # 2026-11-01T00:00 in Paris
    stretches = [
        Billed("ses_1", "con_1", midnight - 2 * HOUR, HOUR),
        Billed("ses_2", "con_1", midnight - HOUR // 2, HOUR, corrected=30),
        Billed("ses_3", "con_1", midnight + HOUR, HOUR),
    ]
    known = Caps("con_1", 3 * HOUR + 30, zone="Europe/Paris")
    assert set(named(cap_breaches(replace(known, **caps), stretches))) == (set() if lawful else {"con_1"})
