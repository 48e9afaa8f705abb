"""Who a call comes from, once its credential is checked."""

from enum import StrEnum

from marketplace.access.suspension import Suspension
from marketplace.shared.records import dataclass


class Role(StrEnum):
    """The four kinds of caller."""

    CLIENT = "client"
    WORKER = "worker"
    FINANCE = "finance"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Principal:
    """`id` is a client's or a worker's, empty for staff and until a worker's profile is made; `subject` is
    the token's, empty for API keys. `suspension` is the one that stands, if the caller is kept out."""

    role: Role
    id: str
    subject: str = ""
    scopes: tuple[str, ...] = ()
    suspension: Suspension | None = None

    @property
    def actor(self) -> str:
        """How events name the caller."""
        return self.id or f"{self.role}:{self.subject}"
