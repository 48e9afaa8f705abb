"""The page that an account link leads to, as a browser sees it."""

from typing import Any

import pytest
import requests

from sandbox.stripe import StripeSimulator
from sandbox.stripe.wire import Request, Response
from tests.contract.local_stripe import LocalStripe, SettableClock

BACK = "https://example.com/back?a=1&b=2"
AGAIN = "https://example.com/again"


def link(here: LocalStripe, worker: str, **more: str) -> str:
    params: Any = {"account": worker, "type": "account_onboarding", "refresh_url": AGAIN, "return_url": BACK}
    return here.client.v1.account_links.create(params | more).url


def get(url: str) -> requests.Response:
    return requests.get(url, allow_redirects=False, timeout=5)


def post(url: str) -> requests.Response:
    return requests.post(url, allow_redirects=False, timeout=5)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account_links/create#create_account_link-return_url")
def test_completing_the_page_verifies_the_account_and_leads_back(here: LocalStripe) -> None:
    worker = here.worker(email="ana@example.com").id
    url = link(here, worker)
    page = get(url)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for shown in (worker, "ana@example.com", "external account", "Complete onboarding", "Come back later"):
        assert shown in page.text
    assert 'href="https://example.com/back?a=1&amp;b=2"' in page.text
    assert not here.client.v1.accounts.retrieve(worker).payouts_enabled, "looking changes nothing"
    done = post(url)
    assert (done.status_code, done.headers["Location"]) == (303, BACK)
    assert here.client.v1.accounts.retrieve(worker).payouts_enabled


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account_links/create#create_account_link-refresh_url")
def test_a_link_opens_once(here: LocalStripe) -> None:
    url = link(here, here.worker().id)
    assert get(url).status_code == 200
    again = get(url)
    assert (again.status_code, again.headers["Location"]) == (303, AGAIN)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account_links/object#account_link_object-expires_at")
def test_a_link_that_is_five_minutes_old_leads_to_where_a_new_one_is_made(here: LocalStripe) -> None:
    worker = here.worker().id
    in_time, too_late = link(here, worker), link(here, worker)
    here.clock.at += 299
    assert get(in_time).status_code == 200
    here.clock.at += 1
    assert get(too_late).headers["Location"] == AGAIN
    assert post(in_time).headers["Location"] == BACK, "whoever opened it in time may take their time"
    assert post(too_late).headers["Location"] == AGAIN


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account_links/create")
def test_a_link_of_an_account_that_left_leads_to_where_a_new_one_is_made(here: LocalStripe) -> None:
    worker = here.worker().id
    url = link(here, worker)
    here.simulator.disconnect(worker)
    assert get(url).headers["Location"] == AGAIN


def test_a_page_shows_what_is_asked_for_as_text_only(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, "<script>alert(1)</script>")
    page = get(link(here, worker, return_url='https://example.com/"><script>'))
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_an_address_that_no_header_can_carry_is_written_in_ascii(here: LocalStripe) -> None:
    url = link(here, here.worker().id, return_url="https://example.com/zurück")
    get(url)
    assert post(url).headers["Location"] == "https://example.com/zur%C3%BCck"


def test_a_rejected_account_cannot_complete_anything(here: LocalStripe) -> None:
    worker = here.worker().id
    url = link(here, worker)
    get(url)
    here.simulator.reject(worker, "fraud")
    assert post(url).status_code == 409


def test_an_unknown_link_and_another_method_are_answered_without_an_api_key(here: LocalStripe) -> None:
    assert get(f"{here.server.base_url}/connect/setup/nothing").status_code == 404
    url = link(here, here.worker().id)
    assert requests.delete(url, timeout=5).status_code == 405
    assert get(url).status_code == 200


def test_a_simulator_that_is_not_served_links_to_where_stripe_would() -> None:
    simulator = StripeSimulator(clock=SettableClock())
    key = {"authorization": "Bearer sk_test_x", "content-type": "application/x-www-form-urlencoded"}

    def call(path: str, body: bytes) -> str:
        answer = simulator.answer(Request("POST", path, headers=key, body=body))
        assert isinstance(answer, Response)
        return answer.body.decode()

    account = call("/v1/accounts", b"type=express").partition('"id": "')[2].partition('"')[0]
    links = f"account={account}&type=account_onboarding&refresh_url={AGAIN}&return_url={AGAIN}"
    assert f"https://connect.stripe.com/setup/e/{account}/" in call("/v1/account_links", links.encode())
