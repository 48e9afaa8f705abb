"""The local Stripe's webhook endpoints, as the API changes them."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import ANY_URL, LocalStripe, refusal

UPDATE = "https://docs.stripe.com/api/webhook_endpoints/update"


def endpoint(here: LocalStripe, **more: Any) -> stripe.WebhookEndpoint:
    params: Any = {"url": ANY_URL, "enabled_events": ["*"], **more}
    return here.client.v1.webhook_endpoints.create(params)


@pytest.mark.stripe_rule(UPDATE)
def test_an_update_of_an_endpoint_changes_what_is_given_and_shows_no_secret(here: LocalStripe) -> None:
    made = endpoint(here, description="ours", metadata={"a": "1", "b": "2"})
    changed = here.client.v1.webhook_endpoints.update(
        made.id, {"enabled_events": ["payout.paid"], "metadata": {"a": ""}}
    )
    assert (changed.enabled_events, changed.description) == (["payout.paid"], "ours")
    assert (changed.metadata.to_dict(), changed.url) == ({"b": "2"}, ANY_URL)
    assert "secret" not in changed.to_dict()


@pytest.mark.stripe_rule(UPDATE)
@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"url": "nowhere"}, "url"),
        ({"enabled_events": ["Everything!"]}, "enabled_events[0]"),
        ({"disabled": "perhaps"}, "disabled"),
    ],
)
def test_an_update_that_could_not_work_changes_nothing(
    here: LocalStripe, params: dict[str, Any], param: str
) -> None:
    made = endpoint(here)
    whole: Any = {"description": "changed", **params}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.webhook_endpoints.update(made.id, whole)
    assert refusal(refused)[::2] == (400, param)
    assert here.client.v1.webhook_endpoints.retrieve(made.id).description is None


@pytest.mark.stripe_rule(UPDATE)
def test_an_endpoint_that_was_never_made_is_not_updated(here: LocalStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.webhook_endpoints.update("we_none", {"disabled": True})
    assert refusal(refused) == (404, "resource_missing", "webhook_endpoint")
