"""What clients, the platform and workers do with agreements."""

from collections.abc import Iterable, Sequence

from marketplace.compliance.agreement import (
    Agreement,
    AgreementKind,
    AgreementText,
    Pinned,
    Signature,
    signature_id,
    text_id,
    text_of,
)
from marketplace.compliance.naming import AGREEMENT, give_name, is_name, subjects_of
from marketplace.people.workers import Worker
from marketplace.shared.errors import AlreadyExists, Fault, InvalidRequest, NotFound, VersionConflict
from marketplace.shared.events import EventType
from marketplace.shared.ids import is_id
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class PublishAgreement:
    """A first version; without a `client_id` it is the platform's."""

    agreement_id: str
    client_id: str | None
    kind: AgreementKind
    title: str
    text: str


@dataclass(frozen=True)
class PublishVersion:
    """The next version, by whoever owns the agreement; no title means the one before."""

    agreement_id: str
    client_id: str | None
    title: str | None
    text: str


@dataclass(frozen=True)
class SignAgreement:
    """`version` is what the worker has read, if they say so; without a `name` they sign under their
    profile's; `address` is where the call came from."""

    agreement_id: str
    worker_id: str
    name: str | None
    address: str
    version: int | None = None


@dataclass(frozen=True)
class Signatory:
    """Who signs, under which name, and from where."""

    worker_id: str
    name: str
    address: str


def publish_agreement(command: PublishAgreement, tx: Transaction) -> AgreementText:
    """Its first version is in force at once."""
    agreement = Agreement(
        command.agreement_id, command.kind, command.title, 1, tx.now, client_id=command.client_id
    )
    return _published(agreement, command.text, tx)


def publish_version(command: PublishVersion, tx: Transaction) -> AgreementText:
    """Raises NotFound, also when the agreement is somebody else's; IllegalTransition."""
    agreement = tx.get(Agreement, command.agreement_id)
    if agreement.client_id != command.client_id:
        raise NotFound
    return _published(agreement.renewed(command.title), command.text, tx)


def sign_agreement(command: SignAgreement, tx: Transaction) -> Signature:
    """Signs what is in force. Raises NotFound, AlreadyExists, VersionConflict when another was read."""
    agreement = tx.get(Agreement, command.agreement_id)
    if command.version not in (None, agreement.version):
        raise VersionConflict(f"version {agreement.version} is in force")
    worker = tx.get(Worker, command.worker_id)
    if is_signed(agreement.pinned, command.worker_id, tx):
        raise AlreadyExists(f"you have signed version {agreement.version}")
    signatory = Signatory(worker.id, command.name or worker.name, command.address)
    signature = signed(agreement.pinned, signatory, tx)
    tx.save(signature)
    about = (signature.id, agreement.id, command.worker_id)
    tx.publish(EventType.AGREEMENT_SIGNED, about=about, version=signature.version)
    return signature


def signed(pinned: Pinned, by: Signatory, tx: Transaction, contract_id: str | None = None) -> Signature:
    """The signature of that version, with the hash of its text. Raises NotFound."""
    return Signature(
        id=signature_id(pinned, by.worker_id),
        agreement_id=pinned.agreement_id,
        version=pinned.version,
        worker_id=by.worker_id,
        name=by.name,
        address=by.address,
        text_hash=tx.get(AgreementText, text_id(pinned)).text_hash,
        signed_at=tx.now,
        contract_id=contract_id,
    )


def is_signed(pinned: Pinned, worker_id: str, tx: Transaction) -> bool:
    """Whether the worker has signed that version."""
    return tx.find(Signature, signature_id(pinned, worker_id)) is not None


@dataclass(frozen=True)
class Asked:
    """What a client asks to sign: versions, and `labels`, names that stand for no text; None for none."""

    pinned: tuple[Pinned, ...] | None
    labels: tuple[str, ...] | None


def in_force(entries: Iterable[str], client_id: str, tx: Transaction) -> Asked:
    """What a client's ids and names stand for now. Raises NotFound for an id that is not there."""
    pinned, labels = [], []
    for entry in entries:
        found = subjects_of(entry, AGREEMENT, client_id, tx.find)
        if not found:
            labels.append(entry)
            continue
        name = entry if is_name(entry, AGREEMENT) else None
        pinned.append(replace(tx.get(Agreement, found[0]).pinned, asked_as=name))
    return Asked(tuple(dict.fromkeys(pinned)) or None, tuple(labels) or None)


def check_agreements(
    agreement_ids: Sequence[str], client_id: str, pointer: str, tx: Transaction, *, trainings: bool
) -> None:
    """Whether a client may ask for these: its own or the platform's, trainings or all but those; what is
    signed may also be any name. Raises InvalidRequest, which names those that it may not."""
    faults = [
        Fault(f"{pointer}/{index}", "is no training" if trainings else "is no agreement to sign")
        for index, identifier in enumerate(agreement_ids)
        if not _may_ask(identifier, client_id, tx, trainings=trainings)
    ]
    if faults:
        raise InvalidRequest(faults)


def _may_ask(agreement_id: str, client_id: str, tx: Transaction, *, trainings: bool) -> bool:
    if is_name(agreement_id, AGREEMENT):
        return not trainings
    found = tx.find(Agreement, agreement_id) if is_id(agreement_id, "agr") else None
    if found is None or found.client_id not in (None, client_id):
        return False
    return (found.kind == AgreementKind.TRAINING) == trainings


def _published(agreement: Agreement, text: str, tx: Transaction) -> AgreementText:
    version = text_of(agreement, text, tx.now)
    tx.save(agreement, version)
    if agreement.kind != AgreementKind.TRAINING:
        give_name(agreement.title, agreement.id, agreement.client_id, tx)
    about = (agreement.id, *((agreement.client_id,) if agreement.client_id else ()))
    tx.publish(EventType.AGREEMENT_PUBLISHED, about=about, version=agreement.version, hash=version.text_hash)
    return version
