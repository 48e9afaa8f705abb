"""Which deployment a command is about: the environment's, or a sandbox that runs."""

import json
import time
from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

from pydantic import ValidationError

from marketplace.runtime import Runtime, connect
from marketplace.settings import Settings
from marketplace.shared.clock import SystemClock
from marketplace.shared.records import dataclass

ANSWER_SECONDS_MAX = 10.0


class Untold(Exception):
    """It is not known what to look at; the message says what is missing."""


@dataclass
class ShiftedClock:
    """The machine's clock, so many seconds ahead: a sandbox's, as long as nobody moves it."""

    ahead_seconds: int

    def now(self) -> int:
        """Epoch seconds, UTC."""
        return int(time.time()) + self.ahead_seconds


def runtime_of(sandbox: str | None) -> Runtime:
    """Of the sandbox at that address, or of the deployment that the environment names. Raises Untold."""
    if sandbox is not None:
        return _served(sandbox)
    try:
        return connect(Settings.from_environment(), SystemClock())
    except ValidationError as error:
        wrong = ", ".join(str(fault["loc"][0]).upper() for fault in error.errors())
        raise Untold(
            f"the environment does not say which deployment; missing or wrong: {wrong}. "
            "For what `make serve` runs: python -m cli --sandbox http://127.0.0.1:8000 COMMAND"
        ) from error


def _served(address: str) -> Runtime:
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{address.rstrip('/')}/sandbox", timeout=ANSWER_SECONDS_MAX) as answer:
            told = json.load(answer)
        return connect(
            Settings.model_validate(told["settings"]), ShiftedClock(told["epoch_seconds"] - int(time.time()))
        )
    except (OSError, HTTPException, ValueError, TypeError, KeyError) as error:
        raise Untold(f"no sandbox answers at {address}: {error}") from error
