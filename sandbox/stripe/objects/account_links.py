"""Account links: where the owner of a connected account completes onboarding.

Source: https://docs.stripe.com/api/account_links
"""

from sandbox.stripe import ids
from sandbox.stripe.errors import invalid
from sandbox.stripe.objects import onboarding
from sandbox.stripe.params import OneOf, Text, Url, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

LINK_LIVES_SECONDS = 300

NOT_CONNECTED = (
    "You requested an account link for an account that is not connected to your platform or does not exist."
)
ONBOARDING_ONLY = (
    "You cannot create `account_update` type Account Links for this account. Valid types for this account "
    'are ["account_onboarding"].'
)


def create(step: Step, params: Obj) -> Obj:
    """A link that lives five minutes and opens once; `onboarding` is where it leads.

    Raises StripeError for an account that this platform lacks, and for one whose owner updates elsewhere.
    """
    account = step.shelf("account").get(params["account"])
    if account is None:
        raise invalid(NOT_CONNECTED, "account")
    if (
        params["type"] == "account_update"
        and account["controller"]["requirement_collection"] != "application"
    ):
        raise invalid(ONBOARDING_ONLY, "type")
    token = ids.secret("setup", sequence=step.state.next_sequence(), seed=step.state.seed)
    expires_at = step.at + LINK_LIVES_SECONDS
    return {
        "object": "account_link",
        "created": step.at,
        "expires_at": expires_at,
        "url": onboarding.open_link(step, token.removeprefix("setup_"), params, expires_at),
    }


ROUTES = [
    Route(
        "POST",
        "/v1/account_links",
        create,
        body(
            required={
                "account": Text(),
                "type": OneOf("account_onboarding", "account_update"),
                "refresh_url": Url(),
                "return_url": Url(),
            },
            collect=OneOf("currently_due", "eventually_due"),
        ),
        "account_link",
        platform_only=True,
    )
]
