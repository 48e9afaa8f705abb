"""The composition root: ports and their adapters, made once a process."""

import logging
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.session import Session

from marketplace.gateways.identity import JwksTokens, Tokens
from marketplace.gateways.screenings import HostedScreenings
from marketplace.settings import Settings
from marketplace.shared.clock import Clock, SystemClock
from marketplace.shared.ids import NewId, new_id
from marketplace.shared.records import dataclass
from marketplace.storage import sealing
from marketplace.storage.connection import client_config, dynamodb_client
from marketplace.storage.data_keys import KmsKeys
from marketplace.storage.key_uses import KeyUses
from marketplace.storage.limits import TELL_SECONDS_MAX, Limits
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore

if TYPE_CHECKING:
    from marketplace.gateways.stripe import StripeGateway
    from marketplace.notifications.ports import WebhookSender
    from marketplace.shared.object_store import ObjectStore


OWNERS_MAX = 10_000
_LOGGER = logging.getLogger("gig-marketplace")
"""The doors' own, by its name: they write JSON."""


class BoundedMemory(dict[str, str]):
    """Remembers up to `limit` pairs; the oldest is forgotten first."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def __setitem__(self, name: str, value: str) -> None:
        if len(self) >= self._limit and name not in self:
            del self[next(iter(self))]
        super().__setitem__(name, value)


@dataclass
class Runtime:
    """What a door needs to run a use case."""

    settings: Settings
    clock: Clock
    store: DynamoStore
    reads: Reads
    tokens: Tokens
    session: Session
    new_id: NewId = new_id
    worker_ids: BoundedMemory = field(default_factory=lambda: BoundedMemory(OWNERS_MAX))
    worker_salts: BoundedMemory = field(default_factory=lambda: BoundedMemory(OWNERS_MAX))
    key_clients: BoundedMemory = field(default_factory=lambda: BoundedMemory(OWNERS_MAX))
    task_clients: BoundedMemory = field(default_factory=lambda: BoundedMemory(OWNERS_MAX))
    _clients: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def stripe(self) -> "StripeGateway":
        """Stripe, imported only by the functions that talk to it (125 ms of a cold start)."""
        from marketplace.gateways.stripe import StripeGateway

        return StripeGateway.connect(
            api_key=self.settings.stripe_api_key,
            api_base=self.settings.stripe_api_base,
            return_url=f"{self.settings.public_base_url}/payout-account",
        )

    @cached_property
    def limits(self) -> Limits:
        """How many calls everybody has made."""
        return Limits(
            self._hasty_dynamodb,
            table=self.settings.limits_table,
            enabled=self.settings.rate_limits,
            complain=lambda failed: _LOGGER.error("rate limits are not counted: %s", type(failed).__name__),
        )

    @cached_property
    def key_uses(self) -> KeyUses:
        """When each API key was last used."""
        return KeyUses(self._hasty_dynamodb, table=self.settings.limits_table)

    def _hasty_dynamodb(self) -> Any:
        if "limits" not in self._clients:
            self._clients["limits"] = self.session.create_client(
                "dynamodb",
                self.settings.aws_region,
                endpoint_url=self.settings.aws_endpoint_url,
                config=client_config(seconds_max=TELL_SECONDS_MAX, attempts_max=1),
            )
        return self._clients["limits"]

    @cached_property
    def webhooks(self) -> "WebhookSender":
        """Who sends to clients' endpoints; imported by the function that sends."""
        from marketplace.gateways.webhooks import HttpSender

        return HttpSender(sandbox=self.settings.is_sandbox)

    @cached_property
    def objects(self) -> "ObjectStore":
        """Where files lie; what signs their addresses adds no checksum that an upload would have to send."""
        from botocore.config import Config

        from marketplace.gateways.object_store import S3ObjectStore

        plain = Config(signature_version="s3v4", request_checksum_calculation="when_required")
        return S3ObjectStore(self._client("s3", client_config().merge(plain)), self.settings.files_bucket)

    @property
    def screenings(self) -> HostedScreenings:
        """Where workers go to be screened, and what came of it."""
        told = self.settings
        secret = told.screening_webhook_secret
        return HostedScreenings(
            told.screening_page_url, told.screening_lookup_url, secret, now=self.clock.now
        )

    def aws(self, service: str) -> Any:
        """A client of another AWS service, made once."""
        if service not in self._clients:
            self._clients[service] = self._client(service, client_config())
        return self._clients[service]

    def _client(self, service: str, config: Any) -> Any:
        endpoint = self.settings.aws_endpoint_url
        return self.session.create_client(
            service, self.settings.aws_region, endpoint_url=endpoint, config=config
        )


def connect(settings: Settings, clock: Clock | None = None) -> Runtime:
    """The runtime over real adapters."""
    session = Session()
    if settings.local_cloud_key:
        session.set_credentials(settings.local_cloud_key, settings.local_cloud_key)
    client = dynamodb_client(session, settings.aws_region, settings.aws_endpoint_url)
    clock = clock or SystemClock()
    store = DynamoStore(
        client,
        heads=settings.heads_table,
        balances=settings.balances_table,
        events=settings.events_table,
        trail=settings.trail_table,
        due_partitions=settings.due_partitions,
        clock=clock,
    )
    runtime = Runtime(
        settings=settings,
        clock=clock,
        store=store,
        reads=Reads(store.connection),
        session=session,
        tokens=JwksTokens(
            issuer=settings.identity_issuer,
            audiences=settings.identity_audiences,
            jwks_url=settings.identity_jwks_url,
        ),
    )
    sealing.use(
        KmsKeys(
            lambda: runtime.aws("kms"),
            store.connection,
            table=settings.heads_table,
            master=settings.personal_data_key,
        )
    )
    return runtime


class _Current:
    runtime: Runtime | None = None


def current() -> Runtime:
    """This process's runtime, made from the environment when first asked for."""
    if _Current.runtime is None:
        _Current.runtime = connect(Settings.from_environment())
    return _Current.runtime


def use(runtime: Runtime | None) -> None:
    """Puts a runtime in place: the sandbox and the tests bring their own clock and addresses."""
    _Current.runtime = runtime
