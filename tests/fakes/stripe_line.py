"""The line to Stripe: idempotency keys that are saved and forgotten there, and bad days.

`faults` names what goes wrong with a call, given the call's name:

    ok          nothing
    down        nothing is done, and no answer comes
    lost        it is done, and no answer comes
    late        no answer comes, and it is done minutes later
    busy        the first call with this key still runs
    error       a 500 before any effect, saved under the key like any answer
    broken      a 500 after the effect, saved as well
    refuse:x    a refusal with code x, saved as well
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.shared.clock import Clock
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown

KEY_SECONDS = 24 * 3_600
LATE_SECONDS = 300

Faults = Callable[[str], str]


@dataclass
class StripeLine:
    """`sent_keys` are those of all calls, in their order."""

    clock: Clock
    faults: Faults = lambda _: "ok"
    sent_keys: list[str] = field(default_factory=list)
    _late: list[tuple[int, str, Callable[[], Outcome[Any]]]] = field(default_factory=list)
    _saved: dict[str, tuple[int, Outcome[Any]]] = field(default_factory=dict)

    def _keyed(self, name: str, key: str, effect: Callable[[], Outcome[Any]]) -> Outcome[Any]:
        self._catch_up()
        self.sent_keys.append(key)
        fault = self.faults(name)
        if fault == "down":
            return Unknown("APIConnectionError", "no connection")
        if fault == "busy":
            return Unknown("idempotency_key_in_use", "in progress")
        if fault == "late":
            self._late.append((self.clock.now() + LATE_SECONDS, key, effect))
            return Unknown("APIConnectionError", "timed out")
        answer = self._answer(key, lambda: _faulty(fault, effect), self.clock.now())
        return Unknown("APIConnectionError", "timed out") if fault == "lost" else answer

    def _answer(self, key: str, effect: Callable[[], Outcome[Any]], at: int) -> Outcome[Any]:
        """The saved answer, or the first one."""
        saved_at, answer = self._saved.get(key, (0, None))
        if answer is None or at - saved_at >= KEY_SECONDS:
            answer = effect()
            self._saved[key] = (at, answer)
            return answer
        return replace(answer, replayed=True) if isinstance(answer, Unknown) else answer

    def _catch_up(self) -> None:
        """What was under way to Stripe has arrived at its own instant."""
        due = [late for late in self._late if late[0] <= self.clock.now()]
        self._late = [late for late in self._late if late not in due]
        for at, key, effect in due:
            self._answer(key, effect, at)

    def _read(self, name: str, value: Callable[[], Any]) -> Outcome[Any]:
        self._catch_up()
        fault = self.faults(name)
        return Done(value()) if fault in ("ok", "lost") else Unknown("APIConnectionError", fault)


def _faulty(fault: str, effect: Callable[[], Outcome[Any]]) -> Outcome[Any]:
    """The first answer to a key."""
    if fault == "broken":
        effect()
    if fault in ("broken", "error"):
        return Unknown("api_error", "An unknown error occurred")
    return Refused(fault.removeprefix("refuse:"), "no") if fault.startswith("refuse:") else effect()
