"""Links to the pages of a provider of screenings, as hosted flows take them: our reference is a parameter.

Source: https://docs.withpersona.com/2021-07-05/quickstart-hosted-flow (`reference-id`).
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from marketplace.compliance.screening import Screening


@dataclass(frozen=True)
class ScreeningLinks:
    """Implements ScreeningProvider. `page` is the address without parameters, empty for none."""

    page: str

    def link(self, screening: Screening) -> str | None:
        """The address of this round."""
        if not self.page:
            return None
        parameters = {"kind": str(screening.kind), "reference-id": screening.reference}
        return f"{self.page}?{urlencode(parameters)}"
