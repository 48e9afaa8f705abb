"""Law 7, of clocked time: what is billed was proven, once, and within the caps.

    started_at     billed_from          ended_at              until
        |- prepaid --|------- worked -------|-- rounding up, correction --|
        clocked = the billable seconds from `begin` on; corrected = those that the client has granted beyond

Instants are epoch seconds, money minor units.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from marketplace.ledger.audit import Breach
from marketplace.shared.local_days import split, week_of
from marketplace.shared.records import dataclass

LAW = 7


@dataclass(frozen=True)
class Billed:
    """What one session was billed for: `clocked` seconds from `begin` on, and `corrected` ones after them."""

    session_id: str
    contract_id: str
    begin: int
    clocked: int
    corrected: int = 0

    @property
    def until(self) -> int:
        """The instant before which all of it lies."""
        return self.begin + self.clocked + self.corrected


@dataclass(frozen=True)
class EndedSession:
    """A session that has ended: `proven_until` is how far its last proof reaches, `limit_at` when hold or cap
    was used up; `granted` are the seconds that an accepted correction allows, rounding included, and
    `next_started_at` when its worker clocked in again. `is_paid` is whether nothing of it is open any more,
    and `divided` whether somebody has decided that not all of `gross` is paid."""

    billed: Billed
    ended_at: int
    proven_until: int
    limit_at: int
    gross: int
    paid: int
    is_paid: bool = True
    divided: bool = False
    granted: int = 0
    next_started_at: int | None = None


@dataclass(frozen=True)
class Caps:
    """Of one contract: `billed_seconds` as its head counts them; None where there is no such cap."""

    contract_id: str
    billed_seconds: int
    in_all: int | None = None
    per_day: int | None = None
    per_week: int | None = None
    zone: str = "UTC"


def session_breaches(session: EndedSession) -> Iterator[Breach]:
    """What one session is billed and paid for, by itself."""
    billed, name = session.billed, session.billed.session_id
    if session.ended_at > session.proven_until:
        yield Breach(LAW, name, f"ended at {session.ended_at}, proven until {session.proven_until}")
    if session.ended_at > session.limit_at:
        yield Breach(LAW, name, f"ended at {session.ended_at}, its money or cap at {session.limit_at}")
    if not 0 <= billed.corrected <= session.granted:
        yield Breach(LAW, name, f"was corrected by {billed.corrected} s, {session.granted} s were granted")
    following = session.next_started_at
    if billed.corrected and following is not None and billed.until > following:
        yield Breach(LAW, name, f"is corrected until {billed.until}, the next session began at {following}")
    if not 0 <= session.paid <= session.gross:
        yield Breach(LAW, name, f"is paid {session.paid} of {session.gross}")
    elif session.is_paid and not session.divided and session.paid != session.gross:
        yield Breach(LAW, name, f"is done with, and paid {session.paid} of {session.gross}")


def stretch_breaches(stretches: Iterable[Billed]) -> Iterator[Breach]:
    """No second of a contract is billed twice; `stretches` by when they begin. One of nothing is nowhere."""
    for earlier, later in pairwise(one for one in stretches if one.until > one.begin):
        if later.begin < earlier.until:
            told = f"is billed from {later.begin}, {earlier.session_id} until {earlier.until}"
            yield Breach(LAW, later.session_id, told)


def cap_breaches(caps: Caps, stretches: Iterable[Billed]) -> Iterator[Breach]:
    """The contract's cap binds all that is billed; `stretches` by when they begin."""
    in_all = 0
    days = _Calendar(caps)
    for stretch in stretches:
        in_all += stretch.clocked + stretch.corrected
        yield from days.breaches(stretch)
    if in_all != caps.billed_seconds:
        yield Breach(LAW, caps.contract_id, f"counts {caps.billed_seconds} s, its sessions bill {in_all}")
    if caps.in_all is not None and in_all > caps.in_all:
        yield Breach(LAW, caps.contract_id, f"bills {in_all} s, of {caps.in_all}")


class _Calendar:
    """Adds up one local day and one week at a time. These caps bind what was clocked: a correction, the
    client's own word, goes beyond them."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._day: date | None = None
        self._of_day = self._of_week = 0

    def breaches(self, stretch: Billed) -> Iterator[Breach]:
        """What is above a cap with this stretch, the next one in time."""
        caps = self._caps
        if caps.per_day is None and caps.per_week is None:
            return
        for day, seconds in split(stretch.begin, stretch.begin + stretch.clocked, caps.zone):
            same_week = self._day is not None and week_of(self._day) == week_of(day)
            self._of_week = self._of_week + seconds if same_week else seconds
            self._of_day = self._of_day + seconds if day == self._day else seconds
            self._day = day
            if caps.per_day is not None and self._of_day > caps.per_day:
                yield Breach(LAW, caps.contract_id, f"bills {self._of_day} s on {day}, of {caps.per_day}")
            if caps.per_week is not None and self._of_week > caps.per_week:
                told = f"bills {self._of_week} s in the week of {week_of(day)}, of {caps.per_week}"
                yield Breach(LAW, caps.contract_id, told)
