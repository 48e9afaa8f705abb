"""The provider of screenings: its pages take our reference as a parameter, as hosted flows do, and what it
found can be looked up by that reference.

Source of the link: https://docs.withpersona.com/2021-07-05/quickstart-hosted-flow (`reference-id`). The
look-up is a POST of `{reference}` to `lookup_url`, signed as the provider signs its webhooks (Standard
Webhooks); its answer is `{data: [...]}`, what the webhooks of that reference say.
"""

import json
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from marketplace.compliance.screening import Finding, Screening, ScreeningStatus
from marketplace.gateways.standard_webhooks import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIME_HEADER,
    TOLERANCE_SECONDS,
    signature,
)
from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.ids import new_id
from marketplace.shared.records import dataclass

TIMEOUT_SECONDS = 5.0
ANSWER_BYTES_MAX = 64 * 1024
FINDINGS_MAX = 100
REASON_LENGTH_MAX = 64
_NOTHING_KNOWN = 404


@dataclass(frozen=True)
class HostedScreenings:
    """Implements ScreeningProvider. `page` is the address without parameters; each address is empty for
    none. `secret` is shared with the provider, `now` is the product's clock, epoch seconds."""

    page: str
    lookup_url: str = ""
    secret: str = ""
    now: Callable[[], int] = lambda: 0

    def link(self, screening: Screening) -> str | None:
        """The address of this round."""
        if not self.page:
            return None
        parameters = {"kind": str(screening.kind), "reference-id": screening.reference}
        return f"{self.page}?{urlencode(parameters)}"

    def look_up(self, screening: Screening) -> Finding | None:
        """What counts of what it found in this round. Raises ProviderUnavailable, also for an answer that
        cannot be read."""
        if not self.lookup_url:
            return None
        answer = self._asked(json.dumps({"reference": screening.reference}).encode())
        if answer is None:
            return None
        try:
            found = [_finding(row) for row in json.loads(answer)["data"][:FINDINGS_MAX]]
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            raise ProviderUnavailable("the provider of screenings answered what cannot be read") from broken
        latest = self.now() + TOLERANCE_SECONDS
        ours = (one for one in found if one.reference == screening.reference and one.occurred_at <= latest)
        return max(ours, key=lambda finding: finding.rank, default=None)

    def _asked(self, content: bytes) -> bytes | None:
        """None where the provider knows nothing of this. The library is loaded by who asks."""
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        identifier, at = new_id("req"), self.now()
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: identifier,
            TIME_HEADER: str(at),
            SIGNATURE_HEADER: signature(content, identifier=identifier, at=at, secret=self.secret),
        }
        try:
            request = Request(self.lookup_url, data=content, headers=headers)  # noqa: S310  # our own settings
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # our own settings
                told: bytes = answer.read(ANSWER_BYTES_MAX)
                return told
        except HTTPError as refused:
            refused.close()
            if refused.code == _NOTHING_KNOWN:
                return None
            raise ProviderUnavailable("the provider of screenings refused; it is asked again") from refused
        except (OSError, HTTPException, ValueError) as silent:
            raise ProviderUnavailable("the provider of screenings did not answer") from silent


def _finding(row: dict[str, Any]) -> Finding:
    """Raises what a row without the right values raises."""
    reason = row.get("reason")
    if reason is not None and not (len(reason) <= REASON_LENGTH_MAX and reason.replace("_", "").isalnum()):
        raise ValueError("a reason is a code")
    ends = row.get("expires_at")
    return Finding(
        reference=str(row["reference"]),
        status=ScreeningStatus(row["status"]),
        occurred_at=_instant(row["occurred_at"]),
        expires_at=_instant(ends) if ends is not None else None,
        reason=reason,
    )


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
