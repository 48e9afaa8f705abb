"""The nightly audit: what is new, piece by piece, until the function's time is nearly over; the next run goes
on where it stopped.

    audited          everything written before it was looked at: a cursor at a bucket of the time index
    audited_sums     the same of rolled-up days, whose seals are added up anew
    audit#broken     pieces in which a law was broken: looked at again each time, until they are mended

A piece is a day of sums, or as many hours as hold `EVENTS_MAX` events. Each moves its cursor, so what is done
is done, whatever becomes of the function; one bucket is the least that has to fit into its time.

What it leaves to `python -m cli audit`, and counts: whatever has more beside it than a look at a few hours
reads.
"""

import time
from collections import Counter
from collections.abc import Callable
from math import inf

from marketplace.ledger import audit as laws
from marketplace.ledger.audit import Breach
from marketplace.storage import ledger, marks, rollups, seals
from marketplace.storage.audit import twice
from marketplace.storage.audit_evidence import wrong_sums
from marketplace.storage.audit_look import Report
from marketplace.storage.audit_spool import Spool
from marketplace.storage.audit_touched import TouchedLook
from marketplace.storage.buckets import BUCKET_SECONDS, start_of
from marketplace.storage.ledger import LAG_SECONDS
from marketplace.storage.models import TrailItem
from marketplace.storage.rollups import DAY_SECONDS
from marketplace.storage.store import DynamoStore

AUDITED, AUDITED_SUMS, BROKEN = "audited", "audited_sums", "audit#broken"
MENDED = "mended"
PIECE_SECONDS = 240
"""So much of the function's time must be left for another piece."""

Left = Callable[[], float]
"""How many seconds of the function's time are left."""


def audit_since_the_last(store: DynamoStore, left: Left = lambda: inf) -> Report:
    """What was written since the last one, and again what was broken, as far as the time goes."""
    night = _Night(store, left)
    finished = night.broken_again() and night.sums() and night.news()
    behind = 0 if finished else int(time.time()) - seals.cursor(AUDITED)
    return Report(sorted(night.found), night.checked, behind_seconds=behind, left=night.left_out)


class _Night:
    """One run; each part tells whether it came to its end."""

    def __init__(self, store: DynamoStore, left: Left) -> None:
        self._store = store
        self._left = left
        self.found: set[Breach] = set()
        self.checked: Counter[int] = Counter()
        self.left_out = 0

    def broken_again(self) -> bool:
        """What was broken, until it is mended."""
        for row in TrailItem.query(BROKEN, consistent_read=True):
            if row.body == MENDED:
                continue
            if self._left() < PIECE_SECONDS:
                return False
            kind, _, since = row.position.partition("#")
            sums = kind == AUDITED_SUMS
            look = self._sums_of if sums else self._touched
            broken = look(int(since), int(row.body))
            if not broken:
                TrailItem(BROKEN, row.position, body=MENDED).save()
        return True

    def sums(self) -> bool:
        """Seals and what is rolled up, a day at a time; and that all of it balances."""
        until, since = seals.cursor(rollups.DAYS_UNTIL), seals.cursor(AUDITED_SUMS)
        self.found |= set(laws.currency_breaches(ledger.totals()))
        days = sorted({start // DAY_SECONDS * DAY_SECONDS for start in marks.marked(since) if start < until})
        for day in days:
            if self._left() < PIECE_SECONDS:
                return False
            if self._sums_of(since, day + DAY_SECONDS):
                TrailItem(BROKEN, f"{AUDITED_SUMS}#{since}", body=str(day + DAY_SECONDS)).save()
            since = day + DAY_SECONDS
            seals.move_cursor(AUDITED_SUMS, since)
        return True

    def news(self) -> bool:
        """What was touched, some hours at a time; not what is so young that the index may not show all of it,
        which is the next one's."""
        settled = start_of(int((time.time() - LAG_SECONDS) * 1_000)) - BUCKET_SECONDS
        since = seals.cursor(AUDITED)
        while since < settled:
            if self._left() < PIECE_SECONDS:
                return False
            self._touched(since, settled, keep=True)
            since = seals.cursor(AUDITED)
        return True

    def _touched(self, since: int, until: int, *, keep: bool = False) -> bool:
        """Whether a law was broken by what was written in [since, until), or as much of it as is one piece;
        `keep` moves the cursor behind it."""
        looks: list[TouchedLook] = []

        def look(spool: Spool) -> TouchedLook:
            looks.append(TouchedLook(self._store, spool, since, until))
            return looks[-1]

        report = twice(look)
        self.found |= set(report.breaches)
        self.checked += report.checked
        self.left_out += report.left
        if keep:
            if report.breaches:
                TrailItem(BROKEN, f"{AUDITED}#{since}", body=str(looks[-1].reached)).save()
            seals.move_cursor(AUDITED, looks[-1].reached)
        return bool(report.breaches)

    def _sums_of(self, since: int, until: int) -> bool:
        """Whether a sum is not what it sums up, of the day that ends at `until` and of months since."""
        wrong = set(wrong_sums(since, until))
        self.found |= wrong
        return bool(wrong)
