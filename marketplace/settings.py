"""The environment as a validated model: what every function is told at its start."""

import json
import os
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from marketplace.payouts.instant import FeePayer
from marketplace.payouts.rules import (
    APPROVAL_ABOVE,
    APPROVAL_WINDOW_SECONDS,
    HOLD_SECONDS,
    INSTANT_FEE_BASIS_POINTS,
    INSTANT_FEE_MINIMUM,
    RECOVERY_BASIS_POINTS,
    PayoutRules,
)
from marketplace.shared.money import BASIS_POINTS_WHOLE


class Settings(BaseModel):
    """Each field is the environment variable of the same name in upper case.

    `due_partitions` spreads the timers' index: one partition takes 1,000 writes a second. It is fixed when
    a deployment is made; timers in partitions that are not looked at would never fire. `docs_viewer_folder`
    holds the API page's viewer where the package does not carry it. What begins with
    `payout_` are the rules of paying out: seconds, minor units (by currency as JSON: `{"JPY": 1500000}`),
    basis points.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: str = "live"
    aws_region: str = "us-east-1"
    aws_endpoint_url: str | None = None
    local_cloud_key: str | None = None
    heads_table: str
    balances_table: str
    events_table: str
    trail_table: str
    limits_table: str = ""
    payouts_queue_url: str = ""
    stripe_events_queue_url: str = ""
    settlements_queue_url: str = ""
    reputation_queue_url: str = ""
    notifications_queue_url: str = ""
    files_bucket: str = ""
    matching_queue_url: str = ""
    screenings_queue_url: str = ""
    due_partitions: int = 16
    stripe_api_base: str = "https://api.stripe.com"
    stripe_api_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_connect_webhook_secret: str = ""
    screening_page_url: str = ""
    screening_lookup_url: str = ""
    screening_webhook_secret: str = ""
    identity_issuer: str
    identity_jwks_url: str
    identity_audience: str = ""
    cursor_secret: str
    personal_data_key: str = ""
    rate_limits: bool = True
    cors_origins: str = ""
    public_base_url: str = "https://gig-marketplace.invalid"
    docs_viewer_folder: str | None = None
    payout_hold_seconds: Annotated[int, Field(ge=0)] = HOLD_SECONDS
    payout_approval_above: Annotated[int | None, Field(ge=0)] = APPROVAL_ABOVE
    payout_approval_above_in: dict[str, Annotated[int, Field(ge=0)]] = {}
    payout_approval_window_seconds: Annotated[int, Field(ge=0)] = APPROVAL_WINDOW_SECONDS
    payout_recovery_basis_points: Annotated[int, Field(ge=0, lt=BASIS_POINTS_WHOLE)] = RECOVERY_BASIS_POINTS
    payout_instant_fee_payer: FeePayer = FeePayer.WORKER
    payout_instant_fee_basis_points: Annotated[int, Field(ge=0, lt=BASIS_POINTS_WHOLE)] = (
        INSTANT_FEE_BASIS_POINTS
    )
    payout_instant_fee_minimum: Annotated[int, Field(ge=0)] = INSTANT_FEE_MINIMUM

    @field_validator("payout_approval_above_in", mode="before")
    @classmethod
    def _from_json(cls, given: Any) -> Any:
        return json.loads(given) if isinstance(given, str) else given

    @property
    def payout_rules(self) -> PayoutRules:
        """The rules that this deployment pays out by."""
        return PayoutRules(
            hold_seconds=self.payout_hold_seconds,
            approval_above=self.payout_approval_above,
            approval_above_in=self.payout_approval_above_in,
            approval_window_seconds=self.payout_approval_window_seconds,
            recovery_basis_points=self.payout_recovery_basis_points,
            instant_fee_payer=self.payout_instant_fee_payer,
            instant_fee_basis_points=self.payout_instant_fee_basis_points,
            instant_fee_minimum=self.payout_instant_fee_minimum,
        )

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The web origins whose pages may read answers, as `https://app.example.com`, with spaces between."""
        return tuple(self.cors_origins.split())

    @property
    def is_sandbox(self) -> bool:
        """Whether this runs on somebody's own machine, where webhooks may go to that machine."""
        return self.stage in ("local", "test")

    @property
    def identity_audiences(self) -> tuple[str, ...]:
        """Whom people's tokens are for, as the provider names our applications; of none, no token is good."""
        return tuple(self.identity_audience.split())

    @property
    def live(self) -> bool:
        """Whether real money moves here."""
        return self.stage == "live"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises pydantic.ValidationError, which names what is missing."""
        return cls.model_validate({name.lower(): value for name, value in environment.items() if value})
