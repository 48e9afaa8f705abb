"""Who a call comes from, once its credential is checked."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The four kinds of caller."""

    CLIENT = "client"
    WORKER = "worker"
    FINANCE = "finance"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Principal:
    """`id` is a client's or a worker's, empty for staff and until a worker's profile is made; `subject` is
    the token's, empty for API keys."""

    role: Role
    id: str
    subject: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """How events name the caller."""
        return self.id or f"{self.role}:{self.subject}"
