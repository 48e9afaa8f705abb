"""Referrals: a worker brings another to the market. Who brought whom is known to the two; nothing is paid.

A newcomer names one code, once, within REFERRAL_SECONDS of making their profile, and it must be of somebody
who was there before: so there are no circles.
"""

from marketplace.people.workers import Worker
from marketplace.shared.errors import AlreadyExists, IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

REFERRAL_SECONDS = 30 * 86_400


@dataclass(frozen=True)
class ReferralCode:
    """A worker's one code; its id derives from the worker."""

    id: str
    worker_id: str
    code: str
    created_at: int


@dataclass(frozen=True)
class CodeOwner:
    """So that a code is found; its id derives from the code."""

    id: str
    worker_id: str


@dataclass(frozen=True)
class Referral:
    """Who brought whom; its id derives from who was brought, so nobody is brought twice."""

    id: str
    referrer_id: str
    worker_id: str
    position: str
    created_at: int


@dataclass(frozen=True)
class NameReferrer:
    """A newcomer's word; `position` is a fresh id."""

    worker_id: str
    code: str
    position: str


def make_code(worker_id: str, code: str, tx: Transaction) -> ReferralCode:
    """The worker's code, which is `code` if there is none yet. Raises NotFound before there is a profile."""
    before = tx.find(ReferralCode, referral_code_id(worker_id))
    if before is not None:
        return before
    tx.get(Worker, worker_id)
    made = ReferralCode(referral_code_id(worker_id), worker_id, code, tx.now)
    tx.save(made, CodeOwner(code_owner_id(code), worker_id))
    tx.publish(EventType.REFERRAL_CODE_CREATED, about=(worker_id,))
    return made


def name_referrer(command: NameReferrer, tx: Transaction) -> Referral:
    """Raises AlreadyExists, NotFound for a code that nobody has, IllegalTransition when it is too late or the
    code is of somebody who came later, or one's own."""
    if tx.find(Referral, referral_id(command.worker_id)) is not None:
        raise AlreadyExists("you have named who referred you")
    newcomer = tx.get(Worker, command.worker_id)
    owner = tx.get(CodeOwner, code_owner_id(command.code))
    referrer = tx.find(Worker, owner.worker_id)
    if referrer is None:
        raise NotFound
    if (referrer.created_at, referrer.id) >= (newcomer.created_at, newcomer.id):
        raise IllegalTransition("whoever refers somebody was here before")
    if tx.now > newcomer.created_at + REFERRAL_SECONDS:
        raise IllegalTransition("that is told within 30 days of making a profile")
    made = Referral(referral_id(newcomer.id), referrer.id, newcomer.id, command.position, tx.now)
    tx.save(made)
    tx.publish(EventType.WORKER_REFERRED, about=(newcomer.id, referrer.id))
    return made


def referral_code_id(worker_id: str) -> str:
    """One for each worker."""
    return derived_id("rfc", worker_id)


def code_owner_id(code: str) -> str:
    """One for each code; case and spaces around it do not matter."""
    return derived_id("rfo", code.strip().casefold())


def referral_id(worker_id: str) -> str:
    """One for each worker who was brought."""
    return derived_id("rfl", worker_id)
