"""A typed client of the Gig Marketplace's HTTP API.

market = Marketplace("https://api.example", token="gm_live_...")
task = market.post_task(models.NewTask(title="Chat", description="", category="chat", pay=pay))
for bid in market.list_task_bids(task.id):
    ...
"""

from marketplace_client import models
from marketplace_client.errors import (
    Asked,
    Conflict,
    Forbidden,
    Invalid,
    MarketplaceError,
    NotFound,
    RateLimited,
    Refused,
    Unauthenticated,
    Unavailable,
    UnexpectedAnswer,
    UnknownOutcome,
    Unreachable,
)
from marketplace_client.files import Fetched
from marketplace_client.operations import Marketplace
from marketplace_client.retries import Retries

__all__ = [
    "Asked",
    "Conflict",
    "Fetched",
    "Forbidden",
    "Invalid",
    "Marketplace",
    "MarketplaceError",
    "NotFound",
    "RateLimited",
    "Refused",
    "Retries",
    "Unauthenticated",
    "Unavailable",
    "UnexpectedAnswer",
    "UnknownOutcome",
    "Unreachable",
    "models",
]
