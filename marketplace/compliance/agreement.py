"""A text that workers sign, and what they signed.

    version 1 ──publish──> version 2 ──publish──> ...      each is kept as it was, with the hash of its text

A signature is of one version and is only ever added. A contract names the versions that were in force when it
was offered, so a new version asks for a new signature for new contracts only.
"""

import hashlib
from dataclasses import field
from enum import StrEnum

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_id, derived_within
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

VERSIONS_MAX = 1_000


class AgreementKind(StrEnum):
    """A training is acknowledged before work begins, the others are signed with the offer."""

    AGREEMENT = "agreement"
    NDA = "nda"
    TRAINING = "training"


@dataclass(frozen=True)
class Agreement:
    """Which `version` is in force; without a `client_id` it is the platform's."""

    id: str
    kind: AgreementKind
    title: str
    version: int
    created_at: int
    client_id: str | None = None

    def renewed(self, title: str | None) -> "Agreement":
        """The next version. Raises IllegalTransition when there are too many."""
        if self.version == VERSIONS_MAX:
            raise IllegalTransition(f"an agreement has at most {VERSIONS_MAX} versions")
        return replace(self, version=self.version + 1, title=title or self.title)

    @property
    def pinned(self) -> "Pinned":
        """The version that is in force now."""
        return Pinned(self.id, self.version)


@dataclass(frozen=True)
class AgreementText:
    """One version, written once; `text_hash` is the SHA-256 of the text in UTF-8, hexadecimal."""

    id: str
    agreement_id: str
    version: int
    kind: AgreementKind
    title: str
    text: str
    text_hash: str
    created_at: int
    client_id: str | None = None


@dataclass(frozen=True)
class Pinned:
    """A version that somebody has to sign; `asked_as` is the name that a task asked for it by."""

    agreement_id: str
    version: int
    asked_as: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Signature:
    """`name` as the worker wrote it, `address` as the gateway saw the caller (an IP address); `contract_id`
    is the offer that was accepted with it, if one was."""

    id: str
    agreement_id: str
    version: int
    worker_id: str
    name: Private[str]
    address: Private[str]
    text_hash: str
    signed_at: int
    contract_id: str | None = None


def text_of(agreement: Agreement, text: str, at: int) -> AgreementText:
    """The text of the version in force."""
    return AgreementText(
        id=text_id(agreement.pinned),
        agreement_id=agreement.id,
        version=agreement.version,
        kind=agreement.kind,
        title=agreement.title,
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        created_at=at,
        client_id=agreement.client_id,
    )


def text_id(pinned: Pinned) -> str:
    """The id of that version's text."""
    return derived_within("agt", pinned.agreement_id, str(pinned.version))


def signature_id(pinned: Pinned, worker_id: str) -> str:
    """One for each version and worker."""
    return derived_id("sig", pinned.agreement_id, str(pinned.version), worker_id)
