"""What the sandbox's controls take, as strict as the API itself."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.types import Line, Model
from sandbox.identity import LIFETIME_SECONDS

ADVANCE_SECONDS_MAX = 3 * 366 * 86_400
LIFETIME_SECONDS_MAX = 10 * 366 * 86_400


class NewToken(Model):
    """Whose token, and what it may do."""

    subject: Line
    role: Literal["worker", "finance", "operator"]
    name: Line | None = None
    expires_in_seconds: Annotated[int, Field(ge=-LIFETIME_SECONDS_MAX, le=LIFETIME_SECONDS_MAX)] = (
        LIFETIME_SECONDS
    )


class Advance(Model):
    """How far."""

    seconds: Annotated[int, Field(ge=0, le=ADVANCE_SECONDS_MAX)]


class RateLimits(Model):
    """Whether calls are counted; they are not until this says so."""

    enabled: bool


class Nothing(Model):
    """No body."""
