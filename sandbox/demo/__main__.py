"""`python -m sandbox.demo --base-url URL`: plays a market day against a marketplace that is already up.

Exit code 0 when every check held, 1 when one did not, 2 when the day's file is refused.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from sandbox.demo import DayRefused, load_market_day, play_market_day

DAY = Path(__file__).parent / "market_day.json"
REPORT = Path("build/demo/report.json")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description="Plays a market day.")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--input", type=Path, default=DAY)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    try:
        day = load_market_day(given.input)
    except (DayRefused, OSError) as error:
        print(f"{given.input}: {error}", file=sys.stderr)
        return 2
    return 0 if play_market_day(given.base_url, day, report=given.report, console=Console()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
