"""Writes docs/reference/costs.md: what each use case costs in DynamoDB, counted on the wire.

python -m benchmarks.costs            writes the document
python -m benchmarks.costs --check    exit code 1 when it is not current, or when anything was scanned
"""

import sys
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from pathlib import Path

from benchmarks.task_story import Step, Story, quiet_system, tell
from marketplace.storage.tariff import Spent
from tests.stripe_proof import proof

DOCUMENT = Path(__file__).parent.parent / "docs" / "reference" / "costs.md"

TO_APPROVED = (
    "post a task",
    "publish it",
    "bid",
    "award",
    "accept",
    "fund the milestone",
    "submit",
    "approve",
)
TO_THE_BANK = (*TO_APPROVED, "request a payout", "the payout reaches the bank")

_INTRODUCTION = """# What a use case costs

Counted by `python -m benchmarks.costs`, on the wire: DynamoDB round trips, and the units that AWS bills for
them, base tables and indexes apart. A write costs a unit an item and KB, twice that in a transaction; a
strongly consistent read costs a unit for 4 KB, a stale one half. A test counts again and compares.

"Behind it" is what a call leads to: its event is projected into statements and histories, and worked on by
the queues it goes to, webhooks that Stripe sends included. Looking for due timers (16 empty queries a minute)
and marking the time index (a write a process and five minutes) happen whatever anybody does and are left out.
So is summing up an account: one line in fifty causes it, for one write and a look at the last fifty lines.

"""
_HEAD = """|  | round trips | writes | index writes | reads | index reads |
| --- | --: | --: | --: | --: | --: |
"""


def document(steps: Sequence[Step]) -> str:
    """The whole page."""
    return "".join(
        (
            _INTRODUCTION,
            "## A task with five bids and one milestone\n\n",
            _HEAD,
            _row("to approved, the calls", _total(steps, TO_APPROVED, behind=False)),
            _row("to approved, behind them", _total(steps, TO_APPROVED, behind=True)),
            _row("to the bank, the calls", _total(steps, TO_THE_BANK, behind=False)),
            _row("to the bank, behind them", _total(steps, TO_THE_BANK, behind=True)),
            "\n## Each call\n\n",
            _HEAD,
            *(_row(step.name, step.call) for step in _once(steps) if step.call.round_trips),
            "\n## Behind it\n\n",
            _HEAD,
            *(_row(step.name, step.behind) for step in _once(steps) if step.behind.round_trips),
        )
    )


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    with quiet_system() as (system, world):
        story = tell(system, world)
    if story.meter.operations["Scan"]:
        print("error: a table was scanned")
        return 1
    if proof().strays:
        print("error: Stripe's document knows nothing of this", *proof().strays, sep="\n")
        return 1
    return _check(story) if "--check" in arguments else _write(story)


def _check(story: Story) -> int:
    written = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    changed = list(unified_diff(written.splitlines(), document(story.steps).splitlines(), lineterm="", n=0))
    if changed:
        print(f"error: {DOCUMENT.name} is not current; run: python -m benchmarks.costs", *changed, sep="\n")
    return 1 if changed else 0


def _write(story: Story) -> int:
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(story.steps))
    return 0


def _once(steps: Iterable[Step]) -> list[Step]:
    """The last step of each name: the first may pay for what is remembered from then on."""
    return list({step.name: step for step in steps}.values())


def _total(steps: Iterable[Step], names: Sequence[str], *, behind: bool) -> Spent:
    counted = [step for step in steps if step.name in names]
    return sum((step.behind if behind else step.call for step in counted), Spent())


def _row(name: str, spent: Spent) -> str:
    figures = (
        spent.round_trips,
        spent.write_units,
        spent.index_write_units,
        spent.read_units,
        spent.index_read_units,
    )
    return f"| {name} | {' | '.join(f'{figure:g}' for figure in figures)} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
