"""What onboarding needs of the outside."""

from typing import Protocol

from marketplace.compliance.screening import Finding, Screening


class ScreeningProvider(Protocol):
    """Whoever makes background checks and takes tax forms. A worker goes to its pages with a link that names
    our reference; what it finds comes by webhook, with that reference, and can be looked up by it."""

    def link(self, screening: Screening) -> str | None:
        """Where the worker goes for this round; None when no provider is set up."""
        ...

    def look_up(self, screening: Screening) -> Finding | None:
        """What it has found in this round, None for nothing yet. Raises ProviderUnavailable: then nothing is
        known."""
        ...
