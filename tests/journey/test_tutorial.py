"""The tutorial, as it is written: whoever types it in gets where it says."""

import json
import re
import subprocess
from pathlib import Path

from sandbox.system import System
from tests.people import World

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
LAST = 3
"""Answers at the end: the payout, the trial balance, the trace."""


def test_every_command_of_the_tutorial_does_what_it_says(system: System, world: World) -> None:
    typed = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL))
    script = re.sub(r"^BASE=.*$", f"BASE={system.base_url}", typed, flags=re.MULTILINE)
    ran = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    read, answers = json.JSONDecoder(), []
    rest = ran.stdout.lstrip()
    while rest:
        answer, end = read.raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].lstrip()
    assert not [answer for answer in answers if "code" in answer], "nothing is refused"
    payout, trial_balance, trace = answers[-LAST:]
    assert (payout["status"], payout["amount"]) == ("paid", {"amount": 45_000, "currency": "USD"})
    assert trial_balance["currencies"]
    assert trace
