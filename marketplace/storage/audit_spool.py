"""What an audit has to bring together, in a file that is thrown away: memory stays flat at any size.

Everything is written as it is read, in the order of the tables, and read again by its own key: postings by
account, counts by object, sessions by worker and start, ratings by contract.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Any, Self

from marketplace.ledger.audit import Rated, Worked
from marketplace.ledger.audit_minutes import Billed
from marketplace.ledger.totals import Sides, Totals
from marketplace.shared.accounts import owner_and_name

CACHE_KB = 4_096
SHOWN_AT = "shown at"
_TABLES = """
CREATE TABLE posted (owner TEXT, name TEXT, currency TEXT, debits INTEGER, credits INTEGER,
    PRIMARY KEY (owner, name, currency)) STRICT, WITHOUT ROWID;
CREATE TABLE named (prefix TEXT, id TEXT, PRIMARY KEY (prefix, id)) STRICT, WITHOUT ROWID;
CREATE TABLE counted (subject TEXT, what TEXT, n INTEGER, PRIMARY KEY (subject, what)) STRICT, WITHOUT ROWID;
CREATE TABLE bucket (start INTEGER PRIMARY KEY, sums TEXT, sealed INTEGER) STRICT;
CREATE TABLE worked (worker TEXT, started INTEGER, ended INTEGER, session TEXT,
    PRIMARY KEY (worker, started, session)) STRICT, WITHOUT ROWID;
CREATE TABLE shared (contract TEXT, event TEXT, worker TEXT, amount INTEGER,
    PRIMARY KEY (contract, event, worker)) STRICT, WITHOUT ROWID;
CREATE TABLE billed (contract TEXT, begin INTEGER, session TEXT, clocked INTEGER, corrected INTEGER,
    PRIMARY KEY (contract, begin, session)) STRICT, WITHOUT ROWID;
CREATE TABLE rated (contract TEXT, side TEXT, rating TEXT, revealed INTEGER, reveals INTEGER,
    PRIMARY KEY (contract, side, rating)) STRICT, WITHOUT ROWID;
"""


class Spool:
    """`with Spool() as spool:`. Whole numbers beyond 64 bits are refused, never rounded."""

    def __init__(self) -> None:
        self._file = NamedTemporaryFile(prefix="audit-")  # noqa: SIM115  closed by __exit__
        self._db = sqlite3.connect(self._file.name, isolation_level=None)

    def __enter__(self) -> Self:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KB}"):
            self._db.execute(f"PRAGMA {pragma}").close()
        self._db.executescript(_TABLES).close()
        self._db.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._file.close()

    def post(self, totals: Totals) -> None:
        """Adds sums to what was posted."""
        self._db.executemany(
            "INSERT INTO posted VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET debits = debits + excluded.debits, credits = credits + excluded.credits",
            (
                (*owner_and_name(account), currency, sides.debits, sides.credits)
                for currency, account, sides in totals
            ),
        )

    def name(self, prefix: str, identifiers: Iterable[str]) -> None:
        """Remembers ids, each once."""
        rows = ((prefix, identifier) for identifier in identifiers)
        self._db.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", rows)

    def count(self, subject: str, what: str, change: int = 1) -> None:
        """Counts something of an object."""
        self._db.execute(
            "INSERT INTO counted VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            (subject, what, change),
        )

    def keep_bucket(self, start: int, sums: str) -> None:
        """What the journals of a bucket add up to."""
        self._db.execute("INSERT OR REPLACE INTO bucket VALUES (?, ?, 0)", (start, sums))

    def keep_worked(self, session: Worked) -> None:
        """The span of a session."""
        row = (session.worker_id, session.started_at, session.ended_at, session.session_id)
        self._db.execute("INSERT OR REPLACE INTO worked VALUES (?, ?, ?, ?)", row)

    def keep_billed(self, billed: Billed) -> None:
        """What a session is billed for."""
        row = (billed.contract_id, billed.begin, billed.session_id, billed.clocked, billed.corrected)
        self._db.execute("INSERT OR REPLACE INTO billed VALUES (?, ?, ?, ?, ?)", row)

    def keep_rated(self, rated: Rated) -> None:
        """Who rated; when a rating was shown is told by what was counted of it as `SHOWN_AT`."""
        row = (rated.contract_id, rated.side, rated.id, int(rated.revealed), rated.reveals_at)
        self._db.execute("INSERT OR REPLACE INTO rated VALUES (?, ?, ?, ?, ?)", row)

    def keep_shared(self, contract: str, event: str, got: Mapping[str, int]) -> None:
        """What one event brought or took from each of those who share in a contract."""
        rows = ((contract, event, worker, amount) for worker, amount in got.items())
        self._db.executemany("INSERT OR REPLACE INTO shared VALUES (?, ?, ?, ?)", rows)

    def bucket(self, start: int) -> str | None:
        """What `keep_bucket` kept."""
        return next((sums for (sums,) in self._rows("SELECT sums FROM bucket WHERE start = ?", start)), None)

    def seen_sealed(self, start: int) -> None:
        """A bucket has a seal."""
        self._db.execute("UPDATE bucket SET sealed = 1 WHERE start = ?", (start,))

    def unsealed(self, until: int) -> Iterator[int]:
        """Buckets that hold journals, begin before `until` and have no seal."""
        rows = self._rows("SELECT start FROM bucket WHERE NOT sealed AND sums <> '' AND start < ?", until)
        yield from (start for (start,) in rows)

    def currencies(self) -> Iterator[tuple[str, Sides]]:
        """All debits and credits of each currency."""
        rows = self._rows("SELECT currency, debits, credits FROM posted ORDER BY currency")
        for currency, parts in groupby(rows, key=itemgetter(0)):
            whole = Sides()
            for _, debits, credits_ in parts:
                whole = whole.plus(Sides(debits, credits_))
            yield currency, whole

    def of_owner(self, owner: str) -> Totals:
        """What was posted to the accounts of an owner."""
        totals = Totals()
        for name, currency, debits, credits_ in self._rows(
            "SELECT name, currency, debits, credits FROM posted WHERE owner = ?", owner
        ):
            totals.count(currency, f"{owner}:{name}", Sides(debits, credits_))
        return totals

    def owners(self) -> Iterator[str]:
        """Everybody who was posted to, by name."""
        yield from (owner for (owner,) in self._rows("SELECT DISTINCT owner FROM posted ORDER BY owner"))

    def is_named(self, prefix: str, identifier: str) -> bool:
        """Whether it is remembered."""
        found = self._rows("SELECT 1 FROM named WHERE prefix = ? AND id = ?", prefix, identifier)
        return next(found, None) is not None

    def named(self, prefix: str) -> Iterator[str]:
        """The remembered ids of that prefix, in order."""
        rows = self._rows("SELECT id FROM named WHERE prefix = ? ORDER BY id", prefix)
        yield from (identifier for (identifier,) in rows)

    def counts(self) -> Iterator[tuple[str, dict[str, int]]]:
        """(object, what to how often) of everything that was counted, in order."""
        rows = self._rows("SELECT subject, what, n FROM counted ORDER BY subject")
        for subject, group in groupby(rows, key=itemgetter(0)):
            yield subject, {what: n for _, what, n in group}

    def counts_of(self, subject: str) -> dict[str, int]:
        """What was counted of one object."""
        return dict(self._rows("SELECT what, n FROM counted WHERE subject = ?", subject))

    def worked(self) -> Iterator[Worked]:
        """Sessions by worker and start."""
        rows = self._rows("SELECT session, worker, started, ended FROM worked ORDER BY worker, started")
        yield from (Worked(*row) for row in rows)

    def shared_in(self, contract: str) -> Iterator[tuple[str, dict[str, int]]]:
        """(event, worker to minor units) of everything that a contract's members shared in."""
        found = "SELECT event, worker, amount FROM shared WHERE contract = ? ORDER BY event"
        for event, group in groupby(self._rows(found, contract), key=itemgetter(0)):
            yield event, {worker: amount for _, worker, amount in group}

    def billed(self, contract: str) -> Iterator[Billed]:
        """What the sessions of a contract are billed for, by when that begins."""
        found = "SELECT session, contract, begin, clocked, corrected FROM billed WHERE contract = ?"
        yield from (Billed(*row) for row in self._rows(f"{found} ORDER BY begin", contract))

    def rated(self) -> Iterator[Rated]:
        """All ratings, by contract."""
        rows = self._rows(
            "SELECT rating, contract, side, revealed, reveals, n FROM rated LEFT JOIN counted"
            " ON subject = rating AND what = ? ORDER BY contract, side",
            SHOWN_AT,
        )
        for rating, contract, side, revealed, reveals_at, shown_at in rows:
            yield Rated(rating, contract, side, bool(revealed), reveals_at, shown_at)

    def _rows(self, query: str, *values: object) -> Iterator[Any]:
        with closing(self._db.execute(query, values)) as rows:
            yield from rows
