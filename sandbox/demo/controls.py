"""The sandbox's own controls: the clock, people's tokens, the card holder and the bank."""

import secrets
from datetime import UTC, datetime
from typing import Literal

from sandbox.demo.answers import Clock, Drained, Nothing, Token
from sandbox.demo.client import Marketplace, UnexpectedAnswer

ADVANCE_SECONDS_MAX = 86_400
SETTLES_MAX = 3
"""One settle gives up after 30 s; a day that needs more than this many is stuck."""

Role = Literal["worker", "finance", "operator"]


def rfc3339(moment: datetime) -> str:
    """`moment` as the HTTP contract writes it: UTC, whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class Sandbox:
    """Freezes the clock at once; from then on time moves only by `advance`."""

    def __init__(self, market: Marketplace) -> None:
        self._market = market
        self._run = secrets.token_hex(4)
        self.now = market.post("/sandbox/clock/freeze", Clock, keyed=False).now

    def token(self, person: str, role: Role, name: str) -> str:
        """A token for `person`, who is somebody else in every run: a day can be played again and again."""
        body: dict[str, object] = {"subject": f"{person}-{self._run}", "role": role, "name": name}
        return self._market.post("/sandbox/tokens", Token, body, keyed=False).token

    def advance(self, seconds: int) -> None:
        """Moves the clock by exactly `seconds`, at most a day at a time."""
        while seconds > 0:
            step = min(seconds, ADVANCE_SECONDS_MAX)
            before = self.now
            self.now = self._market.post("/sandbox/clock/advance", Clock, {"seconds": step}, keyed=False).now
            if (self.now - before).total_seconds() != step:
                raise UnexpectedAnswer(f"the clock moved from {before} to {self.now}, not by {step} s")
            seconds -= step

    def settle(self) -> None:
        for _ in range(SETTLES_MAX):
            if self._market.post("/sandbox/settle", Drained, keyed=False).drained:
                return
        raise UnexpectedAnswer(f"POST /sandbox/settle: not drained after {SETTLES_MAX} calls")

    def pay(self, payment_intent: str) -> None:
        self._market.post(f"/sandbox/stripe/pay/{payment_intent}", Nothing, keyed=False)

    def verify(self, stripe_account: str) -> None:
        self._market.post(f"/sandbox/stripe/accounts/{stripe_account}/verify", Nothing, keyed=False)

    def resume(self) -> None:
        """Lets the clock run again from where the day has left it."""
        self._market.post("/sandbox/clock/resume", Clock, keyed=False)
