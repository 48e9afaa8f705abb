"""A client's own system, to which webhooks go, and the store where files lie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from marketplace.notifications.ports import Heard
from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.object_store import NotUploaded, Upload
from tests.simulation.faults import SEND, Outside

NEVER_CAME = ("down", "rate limited", "refused", "in use", "error")
NO_ANSWER = ("lost", "late", "broken")


@dataclass
class SimReceiver:
    """Takes what comes, unless something goes wrong; `taken` are bodies by id, `tries` all attempts."""

    outside: Outside
    taken: dict[str, bytes] = field(default_factory=dict)
    tries: int = 0

    def send(self, url: str, headers: Mapping[str, str], body: bytes, when_slow: Callable[[], None]) -> Heard:
        """One attempt. What came before under this id must be the same."""
        fault = self.outside.fault(SEND)
        self.tries += 1
        if fault in NEVER_CAME:
            return Heard(error=fault)
        name = headers["webhook-id"]
        same = self.taken.setdefault(name, body) == body
        assert same, f"law 9: the webhook {name} came with two bodies"
        if fault:
            when_slow()
        self.outside.done(fault)
        return Heard(error=fault) if fault in NO_ANSWER else Heard(code=204)

    def copy(self, outside: Outside) -> "SimReceiver":
        """The same from here on."""
        return replace(self, outside=outside, taken=dict(self.taken))


@dataclass
class SimFiles:
    """Every announced file has come; keeping one may find the store silent."""

    outside: Outside
    kept: set[str] = field(default_factory=set)

    def upload(self, name: str, *, content_type: str, size: int) -> Upload:
        """Signed without asking anybody."""
        return Upload("PUT", f"https://files.example/{name}", 0)

    def keep(self, name: str, *, content_type: str, size: int) -> None:
        """Raises ProviderUnavailable."""
        fault = self.outside.fault(SEND)
        if fault in NEVER_CAME:
            raise ProviderUnavailable(fault)
        self.kept.add(name)
        self.outside.done(fault)
        if fault in NO_ANSWER:
            raise ProviderUnavailable(fault)

    def download(self, name: str, *, filename: str) -> str:
        """Raises NotUploaded for what is not kept: nobody may be told where nothing is."""
        if name not in self.kept:
            raise NotUploaded(name)
        return f"https://files.example/{name}"

    def delete(self, name: str) -> None:
        """Forgets it."""
        self.kept.discard(name)

    def copy(self, outside: Outside) -> "SimFiles":
        """The same from here on."""
        return replace(self, outside=outside, kept=set(self.kept))
