"""Who may look at everything that passes: the place where answers are held to Stripe's own document."""

from typing import Protocol

from sandbox.stripe.forms import Raw
from sandbox.stripe.shelf import Obj


class Inspector(Protocol):
    """Told of what this Stripe accepted and said; it looks, and changes nothing."""

    def request(self, method: str, path: str, parameters: dict[str, Raw]) -> None:
        """A request whose parameters were accepted; `path` is the route's, with names in braces."""
        ...

    def answer(self, method: str, path: str, status: int, body: Obj) -> None:
        """What was answered to it, or to one that was refused."""
        ...

    def event(self, event: Obj) -> None:
        """An event as it happened."""
        ...


class NobodyLooks:
    """The inspector of a simulator that runs by itself."""

    def request(self, method: str, path: str, parameters: dict[str, Raw]) -> None:
        """Passes."""

    def answer(self, method: str, path: str, status: int, body: Obj) -> None:
        """Passes."""

    def event(self, event: Obj) -> None:
        """Passes."""
