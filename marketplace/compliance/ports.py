"""What onboarding needs of the outside."""

from typing import Protocol

from marketplace.compliance.screening import Screening


class ScreeningProvider(Protocol):
    """Whoever makes background checks and takes tax forms. A worker goes to its pages with a link that names
    our reference; what it finds comes by webhook, with that reference."""

    def link(self, screening: Screening) -> str | None:
        """Where the worker goes for this round; None when no provider is set up."""
        ...
