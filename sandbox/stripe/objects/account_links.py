"""Account links: where the owner of a connected account completes onboarding.

Source: https://docs.stripe.com/api/account_links
"""

from sandbox.stripe import ids
from sandbox.stripe.errors import invalid
from sandbox.stripe.params import OneOf, Text, Url, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

LINK_LIVES_SECONDS = 300

NOT_CONNECTED = (
    "You requested an account link for an account that is not connected to your platform or does not exist."
)


def create(step: Step, params: Obj) -> Obj:
    """A link that lives five minutes. Raises StripeError for an account that this platform lacks."""
    account = step.shelf("account").get(params["account"])
    if account is None:
        raise invalid(NOT_CONNECTED, "account")
    if (
        params["type"] == "account_update"
        and account["controller"]["requirement_collection"] != "application"
    ):
        raise invalid("You cannot create `account_update` type Account Links for this account.", "type")
    token = ids.secret("setup", sequence=step.state.next_sequence(), seed=step.state.seed)
    return {
        "object": "account_link",
        "created": step.at,
        "expires_at": step.at + LINK_LIVES_SECONDS,
        "url": f"https://connect.stripe.com/setup/e/{account['id']}/{token.removeprefix('setup_')}",
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
