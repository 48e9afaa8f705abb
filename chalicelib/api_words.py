"""What the API's document says in words: conventions, tags, headers, parameters, refusals."""

from typing import Any

from chalicelib.pages import LIMIT_DEFAULT, LIMIT_MAX
from chalicelib.problems import DEFECT, STATUS_AND_CODE

DESCRIPTION = """\
A marketplace for gig work in customer experience. Client companies post tasks and hold money for
contracts; workers bid, work by the milestone, the accepted result or the minute, and withdraw what they
earn.

**Who calls.** `Authorization: Bearer <token>`: a client's API key (`gm_live_…`, `gm_test_…`, with the
scopes `work` and `money`), or a person's JWT (worker, finance, operator). Checks come in this order: 401,
403, the body (413, 400), 422, the idempotency key, 404, 409. An object of another tenant is 404, exactly
as if it did not exist.

**Money** is an integer of minor units with its ISO 4217 currency: `{"amount": 12500, "currency": "USD"}`
is 125 dollars; of JPY, 12,500 yen. Rates are decimal strings of minor units. Nothing is ever converted.

**Time** is RFC 3339 in UTC; durations are whole seconds.

**Lists** are `{"data": […], "next_cursor": …}`, newest first; a cursor is good for its own list only.

**Repeating a call.** Every POST takes an `Idempotency-Key`. The same key and body give the first answer
again, byte for byte, with `Idempotent-Replayed: true`; secrets that are shown once are null in it. With
another body the key is refused: 422 `idempotency_key_reused`. So a call that was not answered is sent
again with its key, and cannot happen twice. Refusals are not remembered.

**Limits.** `RateLimit` on each answer says how many calls are left; 429 `rate_limited` says in
`Retry-After` when to come back. The call was not looked at: it may be sent again with its key.

**Refusals** are RFC 9457 problems. Programs look at `code`; 422 has `errors` with a JSON pointer for each
fault. The examples are answers that tests got, with ids and times made uniform.
"""

TAGS = {
    "tasks": "Postings: what is to be done, for what pay, by how many.",
    "bids": "Workers' offers on a task, and their award.",
    "contracts": "Offers, funding, milestones, bonuses and endings: one engine, three ways to earn.",
    "sessions": "Work paid by the minute: clocking in, heartbeats, review.",
    "results": "Work paid for each accepted result.",
    "outcomes": "Work held against its contract's scorecard.",
    "disputes": "Claims, offers, and an operator's decision.",
    "ratings": "One rating, and what becomes of it when its person does not accept it.",
    "appeals": "Decisions about somebody, looked at again by a human who bears a name.",
    "workers": "Profiles, earnings, payout accounts, ratings.",
    "pools": "Groups of workers that tasks are kept for, and how one comes into them.",
    "invitations": "Workers who are asked to bid.",
    "agreements": "Texts to be signed: versions, and who signed which.",
    "qualifications": "What workers can show, by exam or by hand.",
    "attempts": "Sitting an exam.",
    "documents": "What workers hand in, and its review.",
    "screenings": "Checks by a provider, and what it tells us.",
    "agencies": "Workers who bid under one name and share the pay.",
    "payouts": "From what is available to the worker's bank.",
    "clients": "Companies and their API keys.",
    "webhook-endpoints": "Where a client's own systems hear of what happens, and what was sent there.",
    "wallet": "A client's money: top-ups, refunds, chargebacks, its statement.",
    "fee-schedules": "What both sides pay us, from a date on.",
    "finance": "The ledger, traces, reconciliation, stuck payouts; for finance alone.",
    "audit-events": "What staff did, and whose personal data they read.",
    "stripe": "What Stripe tells us.",
    "service": "The service itself.",
}
"""In the order in which they are read."""

PARAMETERS = {
    "limit": f"How many rows, 1 to {LIMIT_MAX}; {LIMIT_DEFAULT} unless said.",
    "cursor": "`next_cursor` of the page before.",
    "from": "From this instant on.",
    "to": "Before this instant.",
    "at": "As of this instant, that second included; now unless said.",
    "as_of": "As of this instant, that second included; now unless said.",
    "status": "Only those in this state.",
    "version": "Of which version; the latest unless said.",
    "skill": "Only tasks that ask for this skill.",
    "model": "Only tasks that are paid so.",
    "language": "Only tasks that ask for this language.",
    "pay_floor": "Only tasks that pay at least so many minor units, as a decimal; needs `currency`.",
    "currency": "Only tasks that are paid in it.",
    "visibility": "Only tasks that are shown so: `public`, `invited` or `pool:<id>`.",
    "order": "The newest first, or what fits best.",
    "belonging": "Only pools to which the caller belongs so.",
    "q": "Only tasks with these words.",
    "actor": "Only what this one did, named as in an earlier answer.",
    "subject": "Only what was done to this one.",
    "part": "Which part, from 0.",
    "id": "Any id: of a request, a session, a journal, a payout, an object at Stripe.",
    "account_id": "An account's name, such as `platform:fees` or `client:cli_…:wallet`.",
    "file": "A file's name.",
    "period": "A month, such as `2026-10`.",
    "export_file_id": "The file that was asked for.",
    "export": "Which file: `journal`, `payouts`, `fees`, `earnings` or `exceptions`.",
    "role": "What the caller made, or what was made against the calling client's decisions.",
    "format": "As what kind of file.",
}
"""By name, where a model or a path's id does not say it itself."""

IDEMPOTENCY_KEY = (
    "1 to 255 printable ASCII characters, one for each call that is meant: the same key and body give the "
    "first answer again, and nothing happens twice."
)
HEADERS: dict[str, Any] = {
    "Request-Id": {
        "description": "Names this call in every log line and event that it caused.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "`true` where the answer is the first one's, given again.",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {
        "description": "How a call says who makes it.",
        "required": True,
        "schema": {"type": "string", "const": "Bearer"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next call.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "RateLimit": {
        "description": "Of each limit that the call counts for, how many calls are left (`r`) and in how "
        "many seconds all are again (`t`), behind its name: `r=118;t=1`.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The limits themselves: how many calls (`q`) fit into how many seconds (`w`).",
        "schema": {"type": "string"},
    },
}
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A client's API key (`gm_live_…`, `gm_test_…`) or a person's JWT (RS256, from the "
        "identity provider; the role is in `cognito:groups`).",
    }
}
REFUSALS = {
    400: ("BadRequest", "The request cannot be read, or lacks its key."),
    401: ("Unauthenticated", "The token is missing, not valid, expired or revoked."),
    403: (
        "Forbidden",
        "This role, or a key without this scope, may never do that; or the caller is `suspended`.",
    ),
    404: ("NotFound", "There is no such object, or it is not the caller's."),
    409: ("Conflict", "The object's state does not allow it; `code` says why."),
    410: ("Gone", "The first answer to this key told of a person whose data has been erased."),
    413: ("TooLarge", "The body has more than 256 KiB."),
    422: ("Invalid", "The request does not fit; `errors` says where."),
    429: ("TooMany", "Too many calls; `Retry-After` says how many seconds to wait."),
    503: ("Unavailable", "A provider did not answer in time; the same key resumes."),
}
"""By status: the name of the response, and what it means."""


def problem_words() -> str:
    """RFC 9457, with every code there is."""
    rows = [(DEFECT[0], DEFECT[1], "Something went wrong on our side.")]
    for error, (status, code) in STATUS_AND_CODE.items():
        rows.append((status, code, " ".join((error.__doc__ or "").partition("\n\n")[0].split())))
    listed = {
        code: f"| {status} | `{code}` | {words} |" for status, code, words in sorted(rows, reverse=True)
    }
    table = "\n".join(["| status | code | means |", "| --- | --- | --- |", *sorted(listed.values())])
    return (
        "RFC 9457. `code` is stable, and there may be more of them; `errors` stands with 422, `why_not` with "
        "`not_eligible`, `reasons` with `erasure_refused`, `reason_code` and `reason` with `suspended`, "
        f"`session_id` with `session_already_running`.\n\n{table}"
    )


def id_words(name: str) -> str:
    """What a path's parameter says of itself."""
    return f"The {name.removesuffix('_id').replace('_', ' ')}'s id."
