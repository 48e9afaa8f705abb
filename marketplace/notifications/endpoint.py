"""A client's webhook endpoint, and the register of all that one client has.

    create ──> enabled ──gone (410), or nothing taken for FAILING_SECONDS_MAX──> disabled
                  ^ └──delete──> deleted <──delete───────────────────────────────┘  │
                  └────────────────────────enable───────────────────────────────────┘

While attempts fail one after another an endpoint rests, ever longer; it rests too while it is slow to answer
one that is under way. Of what falls due in that time nothing is tried, so that one that does not answer costs
next to nothing, and nobody else waits for it.
"""

from enum import StrEnum

from marketplace.notifications.signing import new_secret
from marketplace.shared.errors import IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.ids import renamed
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

ENDPOINTS_PER_CLIENT_MAX = 10
EVERYTHING = "*"
FAILING_SECONDS_MAX = 5 * 86_400
"""How long an endpoint may take nothing before it is disabled: longer than one delivery is tried."""
MISSES_BEFORE_REST = 3
REST_FIRST_SECONDS = 30
SLOW_REST_SECONDS = 20
"""Longer than any attempt takes: by then it has answered, or failed."""
REST_SECONDS_MAX = 1_800
LATE_SECONDS = 86_400
"""An event that comes to its queue so late is still news: a stream keeps what nobody could take for a day."""
OVERLAP_SECONDS = 86_400
"""How long the secret before signs as well, unless its owner says otherwise."""
OVERLAP_SECONDS_MAX = 7 * 86_400


class EndpointStatus(StrEnum):
    """See the picture above."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"


TRANSITIONS: dict[tuple[EndpointStatus, str], EndpointStatus] = {
    (EndpointStatus.ENABLED, "disable"): EndpointStatus.DISABLED,
    (EndpointStatus.DISABLED, "enable"): EndpointStatus.ENABLED,
    (EndpointStatus.ENABLED, "delete"): EndpointStatus.DELETED,
    (EndpointStatus.DISABLED, "delete"): EndpointStatus.DELETED,
}


@dataclass(frozen=True)
class Endpoint:
    """`misses` counts attempts that failed since the last that succeeded, while it did not rest;
    `failing_since`, `rests_until` and `previous_until` are epoch seconds. A url may carry a token, so it is
    kept like the secrets."""

    id: str
    client_id: str
    url: Private[str]
    events: tuple[str, ...]
    secret: Private[str]
    created_at: int
    status: EndpointStatus = EndpointStatus.ENABLED
    disabled_reason: str | None = None
    failing_since: int | None = None
    misses: int | None = None
    rests_until: int | None = None
    previous_secret: Private[str | None] = None
    previous_until: int | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether anything is sent there."""
        return self.status == EndpointStatus.ENABLED

    def takes_now(self, at: int) -> bool:
        """Whether something may be sent there at that instant."""
        return self.is_enabled and (self.rests_until is None or self.rests_until <= at)

    def secrets(self, at: int) -> tuple[str, ...]:
        """What signs at that instant, the newest first."""
        if self.previous_secret is None or self.previous_until is None or self.previous_until <= at:
            return (self.secret,)
        return (self.secret, self.previous_secret)

    def changed(self, *, url: str | None, events: tuple[str, ...] | None) -> "Endpoint":
        """To another place, or with another filter; what is not said stays. `url` has been checked. What
        failed at the place before says nothing of the new one. Raises InvalidRequest."""
        chosen = replace(self, events=_filter(events)) if events is not None else self
        return chosen if url is None or url == self.url else _clean(replace(chosen, url=url))

    def rotated(self, secret: str, *, at: int, overlap_seconds: int) -> "Endpoint":
        """With a new secret; the one before signs as well for a while, the one before that no more."""
        until = at + overlap_seconds
        return replace(self, secret=secret, previous_secret=self.secret, previous_until=until)

    def stepped(self, step: str, reason: str | None = None) -> "Endpoint":
        """Raises IllegalTransition. One that is enabled again has a clean slate."""
        status = after(TRANSITIONS, self.status, step)
        return _clean(replace(self, status=status, disabled_reason=reason))

    def deleted(self) -> "Endpoint":
        """Gone for good, and its secrets with it."""
        gone = self.stepped("delete")
        return replace(gone, secret="", previous_secret=None, previous_until=None)

    def taken(self) -> "Endpoint":
        """It took something: whatever failed before is forgotten."""
        calm = self.failing_since is None and self.rests_until is None
        return self if calm else _clean(self)

    def slow(self, at: int) -> "Endpoint":
        """It has not answered yet: until it has, or has failed, nothing more is sent there."""
        resting = self.rests_until is not None and self.rests_until > at
        return self if resting else replace(self, rests_until=at + SLOW_REST_SECONDS)

    def missed(self, at: int) -> "Endpoint":
        """It did not take something. While it rests for having failed, what was under way already counts for
        nothing more."""
        if self.misses is not None and self.misses >= MISSES_BEFORE_REST and not self.takes_now(at):
            return self
        misses = (self.misses or 0) + 1
        rest = None
        if misses >= MISSES_BEFORE_REST:
            rest = at + min(REST_SECONDS_MAX, REST_FIRST_SECONDS * 2 ** min(misses - MISSES_BEFORE_REST, 16))
        since = at if self.failing_since is None else self.failing_since
        return replace(self, failing_since=since, misses=misses, rests_until=rest)

    def has_failed_too_long(self, at: int) -> bool:
        """Whether it is time to stop."""
        return self.failing_since is not None and at - self.failing_since >= FAILING_SECONDS_MAX


@dataclass(frozen=True)
class Subscription:
    """What one enabled endpoint wants to hear of, and since when, epoch seconds."""

    endpoint_id: str
    events: tuple[str, ...]
    since: int | None = None


@dataclass(frozen=True)
class Register:
    """A client's endpoints in one place: read once for each event, and the guard of how many there are.
    `subscriptions` are those that are enabled."""

    id: str
    endpoints: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    def holding(self, endpoint: Endpoint, at: int) -> "Register":
        """With the endpoint as it is at `at`, epoch seconds. Raises IllegalTransition beyond the limit."""
        others = tuple(name for name in self.endpoints if name != endpoint.id)
        subscriptions = tuple(row for row in self.subscriptions if row.endpoint_id != endpoint.id)
        if endpoint.status == EndpointStatus.DELETED:
            return replace(self, endpoints=others, subscriptions=subscriptions)
        if len(others) >= ENDPOINTS_PER_CLIENT_MAX:
            raise IllegalTransition(f"a client has at most {ENDPOINTS_PER_CLIENT_MAX} endpoints")
        if endpoint.is_enabled:
            subscriptions = (*subscriptions, Subscription(endpoint.id, endpoint.events, at))
        return replace(self, endpoints=(*others, endpoint.id), subscriptions=subscriptions)

    def who_wants(self, event_type: str, at: int) -> tuple[str, ...]:
        """The endpoints that want to hear of what happened at `at`, epoch seconds. What happened long before
        they asked is no news to them, should it be sent to the queues again."""
        return tuple(
            row.endpoint_id
            for row in self.subscriptions
            if (EVERYTHING in row.events or event_type in row.events)
            and (row.since is None or row.since - LATE_SECONDS <= at)
        )


def register_id(client_id: str) -> str:
    """A client has one register."""
    return renamed(client_id, "whr")


def new_endpoint(endpoint_id: str, client_id: str, *, url: str, events: tuple[str, ...], at: int) -> Endpoint:
    """An enabled endpoint with a fresh secret; `url` has been checked. Raises InvalidRequest."""
    return Endpoint(endpoint_id, client_id, url, _filter(events), new_secret(), at)


def _filter(events: tuple[str, ...]) -> tuple[str, ...]:
    """Each type once, or everything. Raises InvalidRequest."""
    if not events:
        raise InvalidRequest.at("/events", "names at least one type of event")
    return (EVERYTHING,) if EVERYTHING in events else tuple(dict.fromkeys(events))


def _clean(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, failing_since=None, misses=None, rests_until=None)


def of_client(endpoint: Endpoint | None, client_id: str) -> Endpoint:
    """Raises NotFound, also when it is somebody else's or deleted."""
    if endpoint is None or endpoint.client_id != client_id or endpoint.status == EndpointStatus.DELETED:
        raise NotFound
    return endpoint
