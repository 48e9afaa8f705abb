"""The day's report for programs: the checks, the counts and the tables' rows as one JSON file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sandbox.demo.checks import Check
from sandbox.demo.controls import rfc3339
from sandbox.demo.summary import Summary


@dataclass(frozen=True, slots=True)
class Report:
    """`summary` is absent when the day was not played to its end."""

    title: str
    checks: Sequence[Check]
    counts: dict[str, int]
    seconds: float
    summary: Summary | None


def write_report(path: Path, report: Report) -> None:
    """Replaces the report at `path`. Amounts are minor units of the `currency` beside them.

    Raises OSError when the file cannot be written.
    """
    written: dict[str, object] = {
        "title": report.title,
        "checks": [{"name": check.name, "held": check.held} for check in report.checks],
        "failures": [
            {"name": check.name, "detail": check.detail} for check in report.checks if not check.held
        ],
        "counts": report.counts,
        "seconds": round(report.seconds, 2),
        **(asdict(report.summary) if report.summary else {}),
    }
    text = json.dumps(written, indent=2, ensure_ascii=False, default=_spelled)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def _spelled(value: object) -> str:
    return rfc3339(value) if isinstance(value, datetime) else str(value)
