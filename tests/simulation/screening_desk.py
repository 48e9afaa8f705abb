"""The provider of background checks and tax forms: what it found can be looked up, whether or not it told."""

from dataclasses import dataclass, field, replace

from marketplace.compliance.screening import Finding, Screening
from marketplace.shared.errors import ProviderUnavailable
from tests.simulation.faults import ASK, Outside


@dataclass
class SimDesk:
    """`found` is what counts of what was found, by reference."""

    outside: Outside
    found: dict[str, Finding] = field(default_factory=dict)

    def finds(self, finding: Finding) -> None:
        """At some instant, told or not."""
        known = self.found.get(finding.reference, finding)
        self.found[finding.reference] = max(known, finding, key=lambda one: one.rank)

    def link(self, screening: Screening) -> str | None:
        """Where nobody goes."""
        return f"https://screenings.example/{screening.reference}"

    def look_up(self, screening: Screening) -> Finding | None:
        """Raises ProviderUnavailable."""
        fault = self.outside.fault(ASK)
        if fault:
            raise ProviderUnavailable(fault)
        return self.found.get(screening.reference)

    def copy(self, outside: Outside) -> "SimDesk":
        """The same from here on."""
        return replace(self, outside=outside, found=dict(self.found))
