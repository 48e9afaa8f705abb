"""What of its time a contract has billed: so that no second is billed twice, and caps by the calendar hold.

A session is billed for one stretch of time from its start on: what was worked, and after it what rounding up
adds. The next session is not billed for what the stretch before it has covered already:

    worked            |--|         |-------|
    billed            |------------------------:-----------|
                      first session, rounded up  the second: only from here on
"""

from marketplace.shared.local_days import day_of, split, week_of
from marketplace.shared.records import dataclass
from marketplace.work.minute_terms import MinuteTerms

FLOOR_GAP_SECONDS = 4 * 3_600
"""A session that begins sooner after the last billed second belongs to the same shift, and has no floor."""

NO_CAP = 10**9
"""Seconds: more than any week has."""


@dataclass(frozen=True)
class BilledTime:
    """`until` is the instant up to which time is billed; the sums are billable seconds of the day and the
    week in which the second before it lies, None without caps by the calendar."""

    until: int
    day_seconds: int | None = None
    week_seconds: int | None = None

    def begins_shift(self, at: int) -> bool:
        """Whether a session that starts at `at` begins a shift of its own."""
        return at - self.until >= FLOOR_GAP_SECONDS

    def spent(self, at: int, terms: MinuteTerms) -> tuple[int, int]:
        """The billed seconds of the day and of the week in which `at` lies."""
        last, day = day_of(self.until - 1, terms.zone), day_of(at, terms.zone)
        today = self.day_seconds or 0 if day == last else 0
        return today, self.week_seconds or 0 if week_of(day) == week_of(last) else 0


def room(billed: BilledTime | None, at: int, terms: MinuteTerms, most: int) -> int:
    """How many seconds may be billed on end from `at` until a calendar cap is reached, up to `most`."""
    today, this_week = billed.spent(at, terms) if billed else (0, 0)
    per_day, per_week = terms.cap_seconds_per_day or NO_CAP, terms.cap_seconds_per_week or NO_CAP
    total, week = 0, week_of(day_of(at, terms.zone))
    for day, seconds in split(at, at + most, terms.zone):
        if week_of(day) != week:
            this_week, week = 0, week_of(day)
        left = max(min(per_day - today, per_week - this_week), 0)
        if seconds > left:
            return total + left
        total, this_week, today = total + seconds, this_week + seconds, 0
    return total


def after(billed: BilledTime | None, begin: int, seconds: int, terms: MinuteTerms | None) -> BilledTime:
    """What is billed once `seconds` from `begin` on are billed as well."""
    if not seconds:
        return billed or BilledTime(begin)
    if terms is None or not terms.has_calendar_caps:
        return BilledTime(begin + seconds)
    today, this_week = billed.spent(begin, terms) if billed else (0, 0)
    week = week_of(day_of(begin, terms.zone))
    for number, (day, part) in enumerate(split(begin, begin + seconds, terms.zone)):
        if week_of(day) != week:
            this_week, week = 0, week_of(day)
        today = part + (0 if number else today)
        this_week += part
    return BilledTime(begin + seconds, today, this_week)
