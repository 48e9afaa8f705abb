"""What each function imports: a cold start pays for every module, so dear ones stay where they are used."""

import subprocess
import sys

import pytest

DEAR = ("stripe", "aws_lambda_powertools.utilities.batch", "boto3", "sandbox")


def imported(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after `statement`."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "app",
        "chalicelib.relay",
        "chalicelib.schedules",
        "chalicelib.work.settlements",
        "chalicelib.work.payouts",
        "chalicelib.work.stripe_events",
    ],
)
def test_nothing_dear_is_imported_before_it_is_used(module: str) -> None:
    assert not {name for name in DEAR if name in imported(f"import {module}")}
