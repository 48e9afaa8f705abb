"""The environment as a validated model: what every function is told at its start."""

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Each field is the environment variable of the same name in upper case.

    `due_partitions` spreads the timers' index: one partition takes 1,000 writes a second. It is fixed when
    a deployment is made; timers in partitions that are not looked at would never fire.
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
    payouts_queue_url: str = ""
    stripe_events_queue_url: str = ""
    settlements_queue_url: str = ""
    reputation_queue_url: str = ""
    due_partitions: int = 16
    stripe_api_base: str = "https://api.stripe.com"
    stripe_api_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_connect_webhook_secret: str = ""
    identity_issuer: str
    identity_jwks_url: str
    cursor_secret: str
    public_base_url: str = "https://gig-marketplace.invalid"

    @property
    def live(self) -> bool:
        """Whether real money moves here."""
        return self.stage == "live"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises pydantic.ValidationError, which names what is missing."""
        return cls.model_validate({name.lower(): value for name, value in environment.items() if value})
