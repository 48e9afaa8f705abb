"""Money that should have moved and has not."""

from chalicelib.types import rfc3339
from marketplace.runtime import Runtime
from marketplace.storage.watch import unmoved


def report_unmoved(runtime: Runtime) -> int:
    """Prints a line for each; 1 when there is one. It only reads, and never scans."""
    rules = runtime.settings.payout_rules
    found = sorted(unmoved(runtime.store, runtime.reads, rules, runtime.clock.now()))
    for money in found:
        amount = f"{money.amount.amount} {money.amount.currency}"
        print(f"{money.subject}: {amount} since {rfc3339(money.since)}: {money.detail}")
    print(f"unmoved: {len(found)}" if found else "all money moves")
    return 1 if found else 0
