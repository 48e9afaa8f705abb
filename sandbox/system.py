"""The whole system in one place: started in order, stopped in reverse, its state kept under one folder."""

import os
import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from marketplace import runtime as runtimes
from marketplace.settings import Settings
from sandbox.calendar import Calendar, declared
from sandbox.clock import MovableClock
from sandbox.cloud import LocalCloud, deploy
from sandbox.cloud.local_cloud import ACCESS_KEY, REGION
from sandbox.comparing import Comparison
from sandbox.controls import Controls
from sandbox.gateway import Gateway, HttpServer
from sandbox.identity import AUDIENCE, ISSUER, IdentityProvider
from sandbox.passing_time import PassingTime
from sandbox.pump import Pump
from sandbox.screenings import ScreeningDesk
from sandbox.streams import Streams
from sandbox.stripe import Inspector, StripeControls, StripeSimulator
from sandbox.stripe import serve as serve_stripe

STAGE = "local"
STACK = "marketplace"
ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "infra" / "resources.yaml"
DOCS_VIEWER = ROOT / ".tools" / "docs"
STRIPE_KEY = "sk_test_local"
DUE_PARTITIONS = 1
"""One laptop's timers need no spreading, and each partition costs a query a look."""
STOP_SECONDS_MAX = 1.5
RULES_OF_PAYOUT: dict[str, Any] = {
    "payout_hold_seconds": 0,
    "payout_approval_above": None,
    "payout_approval_above_in": {},
}
"""A sandbox keeps nobody waiting, unless the environment says so: `PAYOUT_HOLD_SECONDS=259200 make serve`."""


class System:
    """A running sandbox. `state` keeps everything for the next start; without it nothing is kept.

    `inspector` looks at what the local Stripe accepts and says. `nightly` is whether what the product does
    every night is done as its clock gets there: tests cross many nights, and look at few.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | None = None,
        inspector: Inspector | None = None,
        nightly: bool = True,
    ) -> None:
        self._port = port
        self._nightly = nightly
        self._inspector = inspector
        self._state = state
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Returns when HTTP answers. Raises OSError (port in use), CloudDidNotStart, DeploymentError."""
        with self._stack as building:
            self._start(building)
            self._stack = building.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self, building: ExitStack) -> None:
        http = HttpServer(self._port)
        building.callback(http.close)
        self.base_url = http.base_url
        cloud = building.enter_context(LocalCloud(self._folder("cloud")))
        outputs = deploy(cloud.endpoint, TEMPLATE, STACK, {"Stage": STAGE})
        self.clock = MovableClock(self._file("clock.json"))
        stripe_base = self._start_stripe(building)
        settings = self._settings(cloud.endpoint, stripe_base, outputs)
        self._listen_to_stripe(settings)
        self.runtime = runtimes.connect(settings, self.clock)
        runtimes.use(self.runtime)
        building.callback(runtimes.use, None)
        identity = IdentityProvider(self._file("identity.pem"))
        streams = Streams(heads=outputs["HeadsStreamArn"], events=outputs["EventsStreamArn"])
        pump = Pump(self.runtime, self.stripe, streams, self._file("relay.json"))
        pump.resume()
        building.callback(pump.save)
        from app import app

        nightly = (*declared(app), Comparison(self.runtime).daily) if self._nightly else ()
        calendar = Calendar(self.clock, nightly)
        self.time = PassingTime(self.runtime, self.clock, pump, self.stripe, calendar)
        desk = ScreeningDesk(self.runtime, self.base_url)
        building.callback(desk.close)
        controls = Controls(
            clock=self.clock,
            identity=identity,
            time=self.time,
            stripe=StripeControls(self.stripe),
            limits=self.runtime.limits,
            screenings=desk,
            told={
                "stage": STAGE,
                "stripe_base": stripe_base,
                "aws_endpoint": cloud.endpoint,
                "settings": settings.model_dump(mode="json", exclude_unset=True),
            },
        )
        http.serve(Gateway(app, controls, self.time.stir))
        self.time.start()
        building.callback(self.time.stop, STOP_SECONDS_MAX)

    def _start_stripe(self, building: ExitStack) -> str:
        """Its address."""
        state = self._file("stripe.json")
        self.stripe = StripeSimulator(clock=self.clock, state_file=state, inspector=self._inspector)
        building.callback(self.stripe.save)
        server = serve_stripe(self.stripe)
        building.callback(server.close)
        return server.base_url

    def _settings(self, cloud: str, stripe: str, outputs: dict[str, str]) -> Settings:
        return Settings(
            stage=STAGE,
            aws_region=REGION,
            aws_endpoint_url=cloud,
            local_cloud_key=ACCESS_KEY,
            heads_table=outputs["HeadsTable"],
            balances_table=outputs["BalancesTable"],
            events_table=outputs["EventsTable"],
            trail_table=outputs["TrailTable"],
            limits_table=outputs["LimitsTable"],
            rate_limits=os.environ.get("RATE_LIMITS", "off") == "on",
            cors_origins=os.environ.get("CORS_ORIGINS", ""),
            payouts_queue_url=outputs["PayoutsQueueUrl"],
            stripe_events_queue_url=outputs["StripeEventsQueueUrl"],
            settlements_queue_url=outputs["SettlementsQueueUrl"],
            reputation_queue_url=outputs["ReputationQueueUrl"],
            notifications_queue_url=outputs["NotificationsQueueUrl"],
            files_bucket=outputs["FilesBucket"],
            matching_queue_url=outputs["MatchingQueueUrl"],
            screenings_queue_url=outputs["ScreeningsQueueUrl"],
            due_partitions=DUE_PARTITIONS,
            stripe_api_base=stripe,
            stripe_api_key=STRIPE_KEY,
            stripe_webhook_secret=self._secret("webhook"),
            stripe_connect_webhook_secret=self._secret("connect"),
            screening_page_url=f"{self.base_url}/sandbox/screenings",
            screening_lookup_url=f"{self.base_url}/sandbox/screenings/look-up",
            screening_webhook_secret=self._secret("screening"),
            identity_issuer=ISSUER,
            identity_audience=AUDIENCE,
            identity_jwks_url=f"{self.base_url}/sandbox/jwks.json",
            cursor_secret=self._secret("cursor"),
            personal_data_key=outputs["PersonalDataKey"],
            public_base_url=self.base_url,
            docs_viewer_folder=str(DOCS_VIEWER),
            **_rules_of_payout(os.environ),
        )

    def _listen_to_stripe(self, settings: Settings) -> None:
        url = f"{self.base_url}/v1/stripe/events"
        self.stripe.register_webhook(url, settings.stripe_webhook_secret, connect=False)
        self.stripe.register_webhook(url, settings.stripe_connect_webhook_secret, connect=True)

    def _secret(self, name: str) -> str:
        """A random secret, the same at the next start."""
        file = self._file(f"{name}.secret")
        if file is not None and file.exists():
            return file.read_text()
        made = secrets.token_hex(24)
        if file is not None:
            file.touch(mode=0o600)
            file.write_text(made)
        return made

    def _folder(self, name: str) -> Path | None:
        if self._state is None:
            return None
        folder = self._state / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _file(self, name: str) -> Path | None:
        folder = self._folder("sandbox")
        return None if folder is None else folder / name


def _rules_of_payout(environment: Mapping[str, str]) -> dict[str, Any]:
    return {name: environment.get(name.upper()) or rule for name, rule in RULES_OF_PAYOUT.items()}
