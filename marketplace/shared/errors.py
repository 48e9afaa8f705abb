"""Every refusal of the product, as a type that carries data.

DomainError
├── Unauthenticated
├── RateLimited
├── Forbidden
│   └── Suspended           carries why
├── InvalidRequest          carries the faults, each with a JSON pointer
│   └── CurrencyMismatch, CurrencyRequired
├── IdempotencyKeyRequired, IdempotencyKeyReused, IdempotencyInProgress
├── InvalidJson, BodyTooLarge, InvalidCursor, InvalidSignature, WrongMode
├── NotFound, Erased
├── ProviderUnavailable     the provider did not answer; the same key resumes
│   └── StoreSilent
└── Conflict
    └── IllegalTransition, AlreadyExists, InsufficientFunds, SeatsFilled,
        SessionAlreadyRunning, SessionEnded, PayoutsDisabled, InstantUnsupported, AlreadyApproved,
        BalanceLimitReached, LimitReached, VersionConflict, ErasureRefused, NotEligible

CommitConflict and CommitUnknown never leave `running.run`.
"""

from collections.abc import Sequence

from marketplace.shared.records import dataclass


class DomainError(Exception):
    """A refusal that the caller can understand."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Unauthenticated(DomainError):
    """No valid credential came with the call."""


class RateLimited(DomainError):
    """The caller has made too many calls; `Retry-After` says when the next one is let in."""


class Forbidden(DomainError):
    """The caller's role or scope may never do this."""


class Suspended(Forbidden):
    """An operator keeps the caller out, for this reason."""

    def __init__(self, reason_code: str, reason: str) -> None:
        super().__init__("you are suspended; what is yours can still be seen and taken out")
        self.reason_code = reason_code
        self.reason = reason


@dataclass(frozen=True)
class Fault:
    """One broken rule of a request: `pointer` is a JSON pointer (RFC 6901) into the body."""

    pointer: str
    detail: str


class InvalidRequest(DomainError):
    """The request breaks a rule that its sender can see in the contract."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}".removeprefix(": ") for fault in faults))
        self.faults = tuple(faults)

    @classmethod
    def at(cls, pointer: str, detail: str) -> "InvalidRequest":
        """One fault at one place."""
        return cls((Fault(pointer, detail),))


class CurrencyMismatch(InvalidRequest):
    """An amount is in another currency than what it is for."""


class CurrencyRequired(InvalidRequest):
    """The caller has money in several currencies and named none."""


class IdempotencyKeyRequired(DomainError):
    """A call that moves money came without a key."""


class IdempotencyKeyReused(DomainError):
    """The key already stands for a call with another body."""


class IdempotencyInProgress(DomainError):
    """The first call with this key has not finished."""


class InvalidJson(DomainError):
    """The body is not one JSON object in UTF-8."""


class BodyTooLarge(DomainError):
    """The body is longer than a call may send."""


class InvalidCursor(DomainError):
    """The page cursor was not made by us for this list."""


class InvalidSignature(DomainError):
    """A webhook's signature does not match its body, or is too old."""


class WrongMode(DomainError):
    """A webhook of test mode where money is real, or the reverse."""


class NotFound(DomainError):
    """There is no such object, or it belongs to someone else: the two look the same."""

    def __init__(self, detail: str = "no such object") -> None:
        super().__init__(detail)


class Erased(DomainError):
    """It told of a person whose data has been erased since."""


class Conflict(DomainError):
    """The object's state does not allow it now."""


class IllegalTransition(Conflict):
    """The state machine has no such step from here."""


class AlreadyExists(Conflict):
    """It is there already and may be there only once."""


class VersionConflict(Conflict):
    """The caller means another version than the one that counts."""


class NotEligible(Conflict):
    """The worker lacks what the task requires; `why_not` are the reasons, each a code and words."""

    def __init__(self, why_not: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(detail for _, detail in why_not))
        self.why_not = tuple(why_not)


class SeatsFilled(Conflict):
    """Every seat of the task is awarded."""


class PayoutsDisabled(Conflict):
    """The worker's payout account is not verified."""


class InstantUnsupported(Conflict):
    """The worker's bank account takes no instant payouts in that currency."""


class AlreadyApproved(Conflict):
    """This person has approved it; the next approval is somebody else's."""


class ErasureRefused(Conflict):
    """Something still binds us to the person: `reasons` name it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("money or contracts still bind us to this person")
        self.reasons = tuple(reasons)


class ExceptionsOpen(Conflict):
    """Reconciliations found what nobody has explained yet: `exceptions` are some of them, as (id, id of the
    reconciliation, month)."""

    def __init__(self, detail: str, exceptions: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(detail)
        self.exceptions = tuple(exceptions)


class NotReconciled(Conflict):
    """Days that no reconciliation has compared: `days` are their stretches, (start, end) in epoch seconds."""

    def __init__(self, detail: str, days: Sequence[tuple[int, int]]) -> None:
        super().__init__(detail)
        self.days = tuple(days)


class SessionEnded(Conflict):
    """The session no longer runs; the heartbeat is kept as evidence."""


class SessionAlreadyRunning(Conflict):
    """The worker is clocked in elsewhere, in `session_id`."""

    def __init__(self, session_id: str) -> None:
        super().__init__("another session of this worker is running")
        self.session_id = session_id


class InsufficientFunds(Conflict):
    """`account` would go below zero."""

    def __init__(self, account: str) -> None:
        super().__init__("there is not enough money for this")
        self.account = account


class BalanceLimitReached(Conflict):
    """A balance of `account` would grow beyond what one balance may hold."""

    def __init__(self, account: str) -> None:
        super().__init__("a balance would grow beyond what one may hold")
        self.account = account


class LimitReached(Conflict):
    """There are as many of these already as there may be."""


class ProviderUnavailable(DomainError):
    """An outside provider did not answer: the outcome is unknown and the same key resumes."""


class StoreSilent(ProviderUnavailable):
    """The store did not answer a question: nothing was written."""


class CommitConflict(Exception):
    """Somebody changed what this commit had read, or its event is there already. Nothing was written."""


class CommitUnknown(Exception):
    """The store did not answer: the commit may or may not have happened."""
