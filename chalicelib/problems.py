"""Every refusal as an RFC 9457 problem: one table from the type of error to status and code."""

import json
from typing import Any

from chalicelib.types import rfc3339
from marketplace.shared import errors

PROBLEM_TYPE = "application/problem+json"

STATUS_AND_CODE: dict[type[errors.DomainError], tuple[int, str]] = {
    errors.Unauthenticated: (401, "unauthenticated"),
    errors.RateLimited: (429, "rate_limited"),
    errors.Forbidden: (403, "forbidden"),
    errors.Suspended: (403, "suspended"),
    errors.InvalidRequest: (422, "invalid_request"),
    errors.CurrencyMismatch: (422, "currency_mismatch"),
    errors.CurrencyRequired: (422, "currency_required"),
    errors.IdempotencyKeyRequired: (400, "idempotency_key_required"),
    errors.IdempotencyKeyReused: (422, "idempotency_key_reused"),
    errors.IdempotencyInProgress: (409, "idempotency_in_progress"),
    errors.InvalidCursor: (400, "invalid_cursor"),
    errors.InvalidSignature: (400, "invalid_signature"),
    errors.WrongMode: (400, "wrong_mode"),
    errors.InvalidJson: (400, "invalid_json"),
    errors.BodyTooLarge: (413, "body_too_large"),
    errors.NotFound: (404, "not_found"),
    errors.Erased: (410, "erased"),
    errors.IllegalTransition: (409, "illegal_transition"),
    errors.AlreadyExists: (409, "already_exists"),
    errors.VersionConflict: (409, "version_conflict"),
    errors.NotEligible: (409, "not_eligible"),
    errors.SeatsFilled: (409, "seats_filled"),
    errors.PayoutsDisabled: (409, "payouts_disabled"),
    errors.InstantUnsupported: (409, "instant_payouts_unsupported"),
    errors.AlreadyApproved: (409, "already_approved"),
    errors.ErasureRefused: (409, "erasure_refused"),
    errors.ExceptionsOpen: (409, "exceptions_open"),
    errors.NotReconciled: (409, "not_reconciled"),
    errors.SessionEnded: (409, "session_ended"),
    errors.SessionAlreadyRunning: (409, "session_already_running"),
    errors.InsufficientFunds: (409, "insufficient_funds"),
    errors.BalanceLimitReached: (409, "balance_limit_reached"),
    errors.LimitReached: (409, "limit_reached"),
    errors.ProviderUnavailable: (503, "provider_unavailable"),
    errors.StoreSilent: (503, "provider_unavailable"),
}

DEFECT = (500, "internal_error", "something went wrong on our side; the request id helps us find it")


def problem(error: errors.DomainError) -> tuple[int, str]:
    """The status and the JSON text of a refusal."""
    status, code = STATUS_AND_CODE[type(error)]
    extra: dict[str, Any] = {}
    if isinstance(error, errors.InvalidRequest):
        extra["errors"] = [vars(fault) for fault in error.faults]
    if isinstance(error, errors.SessionAlreadyRunning):
        extra["session_id"] = error.session_id
    if isinstance(error, errors.ErasureRefused):
        extra["reasons"] = list(error.reasons)
    if isinstance(error, errors.NotEligible):
        extra["why_not"] = [{"code": reason, "detail": detail} for reason, detail in error.why_not]
    if isinstance(error, errors.ExceptionsOpen):
        names = ("id", "reconciliation_id", "period")
        extra["exceptions"] = [dict(zip(names, found, strict=True)) for found in error.exceptions]
    if isinstance(error, errors.NotReconciled):
        extra["missing"] = [{"from": rfc3339(start), "to": rfc3339(end)} for start, end in error.days]
    if isinstance(error, errors.Suspended):
        extra |= {"reason_code": error.reason_code, "reason": error.reason}
    return status, render(status, code, error.detail, extra)


def render(status: int, code: str, detail: str, extra: dict[str, Any] | None = None) -> str:
    """The JSON text of a problem."""
    return json.dumps(
        {
            "type": f"/problems/{code}",
            "title": code.replace("_", " "),
            "status": status,
            "detail": detail,
            "code": code,
            **(extra or {}),
        },
        separators=(",", ":"),
    )
