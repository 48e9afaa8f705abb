"""Has days compared with Stripe now, as the hourly schedule does."""

from chalicelib.types import rfc3339
from chalicelib.work.comparing_days import compare_days
from marketplace.runtime import Runtime


def report_compared(runtime: Runtime) -> int:
    """Takes one step and prints a line for each day that it starts a run for; the settlements queue works on
    it. 0, or 1 when what was written is not looked through yet: then it is to be called again."""
    step = compare_days(runtime)
    for day in step.days:
        print(f"{rfc3339(day)}: to be compared")
    print(f"days to be compared: {len(step.days)}; days that something late came into: {step.late}")
    return 1 if step.behind_seconds else 0
