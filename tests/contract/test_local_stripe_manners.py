"""The local Stripe's manners, through the real library over HTTP: access and refusals."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe import API_VERSION
from tests.contract.local_stripe import ANY_URL, INTENT, KEY, LocalStripe, on, post, raw

# --- who may ask, and for what


@pytest.mark.parametrize(
    "key", [None, "", "sk_live_0123456789", "pk_test_0123456789", "sk_live_x", "nonsense"]
)
@pytest.mark.stripe_rule("https://docs.stripe.com/api/authentication")
def test_only_a_secret_key_of_test_mode_is_let_in(here: LocalStripe, key: str | None) -> None:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    answer = raw(here, "GET", "/v1/balance", headers)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")
    assert not key or key not in answer.text, "a refused key is not printed whole"


def test_a_refused_key_is_told_by_its_kind_and_its_last_four(here: LocalStripe) -> None:
    answer = raw(here, "GET", "/v1/balance", {"Authorization": "Bearer sk_live_0123456789"})
    assert answer.json()["error"]["message"] == "Invalid API Key provided: sk_live_******6789"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/authentication")
def test_a_key_may_also_come_as_the_user_of_basic_authentication(here: LocalStripe) -> None:
    assert raw(here, "GET", "/v1/balance", {}, auth=("sk_test_x", "")).status_code == 200


def test_another_api_version_is_refused_rather_than_answered_in_the_wrong_shape(here: LocalStripe) -> None:
    answer = raw(here, "GET", "/v1/balance", KEY | {"Stripe-Version": "2020-08-27"})
    assert (answer.status_code, "2020-08-27" in answer.json()["error"]["message"]) == (400, True)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/request_ids")
def test_every_answer_names_its_request_and_its_version(here: LocalStripe) -> None:
    answers = [raw(here, "GET", path) for path in ("/v1/balance", "/v1/balance", "/v1/charges/ch_none")]
    ids = {answer.headers["Request-Id"] for answer in answers}
    assert len(ids) == 3
    assert all(name.startswith("req_") for name in ids)
    assert {answer.headers["Stripe-Version"] for answer in answers} == {API_VERSION}


def test_the_library_and_the_simulator_speak_the_same_api_version() -> None:
    assert stripe.api_version == API_VERSION


@pytest.mark.stripe_rule("https://docs.stripe.com/api/errors")
def test_an_unknown_url_is_404_in_stripe_s_shape(here: LocalStripe) -> None:
    for method, path in (("GET", "/v1/nothing"), ("DELETE", "/v1/balance"), ("GET", "/v1/charges/")):
        answer = raw(here, method, path)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"].startswith(f"Unrecognized request URL ({method}: {path})")


@pytest.mark.parametrize("kind", ["charges", "customers", "payment_intents"])
def test_searching_is_no_endpoint_and_no_id(here: LocalStripe, kind: str) -> None:
    answer = raw(here, "GET", f"/v1/{kind}/search?query=x")
    message = answer.json()["error"]["message"]
    assert (answer.status_code, message.startswith("Unrecognized request URL")) == (404, True)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("amount[]=100&currency=usd", 'Invalid integer: ["100"]'),
        ("amount=100&currency[a]=usd", 'Invalid currency: {"a"=>"usd"}'),
        ("amount=100&currency=usd&customer[a][]=1", 'Invalid string: {"a"=>["1"]}'),
        ("amount=100&currency=usd&metadata[]=1", "Invalid hash"),
    ],
)
def test_a_list_or_a_hash_in_the_wrong_place_is_shown_as_stripe_shows_it(
    here: LocalStripe, form: str, message: str
) -> None:
    answer = raw(here, "POST", "/v1/payment_intents", data=form.encode())
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes")
def test_an_account_of_nobody_s_is_403(here: LocalStripe) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        here.client.v1.balance.retrieve(options=on("acct_none"))
    assert (refused.value.http_status, refused.value.error and refused.value.error.code) == (
        403,
        "account_invalid",
    )
    with pytest.raises(stripe.PermissionError) as unknown:
        here.client.v1.accounts.retrieve("acct_none")
    assert unknown.value.error is not None
    assert unknown.value.error.code == "account_invalid"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/authentication")
def test_a_connected_account_sees_its_own_objects_only(here: LocalStripe) -> None:
    intent, worker, other = here.intent(), here.worker().id, here.worker().id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_intents.retrieve(intent.id, options=on(worker))
    assert refused.value.code == "resource_missing"
    assert here.client.v1.payment_intents.list(options=on(worker)).data == []
    assert here.client.v1.accounts.retrieve(worker, options=on(worker)).id == worker
    with pytest.raises(stripe.PermissionError):
        here.client.v1.accounts.retrieve(other, options=on(worker))


def test_a_connected_account_cannot_do_what_only_platforms_do(here: LocalStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Only the platform"):
        here.client.v1.accounts.create({"type": "express"}, on(here.worker().id))


# --- what is refused


@pytest.mark.parametrize(
    ("retrieve", "param"),
    [
        (lambda v1: v1.payment_intents.retrieve("pi_none"), "intent"),
        (lambda v1: v1.payment_intents.confirm("pi_none", {"payment_method": "pm_card_visa"}), "intent"),
        (lambda v1: v1.charges.retrieve("ch_none"), "id"),
        (lambda v1: v1.customers.retrieve("cus_none"), "id"),
        (lambda v1: v1.transfers.retrieve("tr_none"), "transfer"),
        (lambda v1: v1.payouts.retrieve("po_none"), "payout"),
        (lambda v1: v1.balance_transactions.retrieve("txn_none"), "id"),
        (lambda v1: v1.events.retrieve("evt_none"), "id"),
        (lambda v1: v1.payment_methods.retrieve("pm_none"), "payment_method"),
        (lambda v1: v1.webhook_endpoints.delete("we_none"), "webhook_endpoint"),
    ],
)
@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes")
def test_an_unknown_id_in_the_path_is_404(
    here: LocalStripe, retrieve: Callable[[Any], object], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        retrieve(here.client.v1)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (
        404,
        "resource_missing",
        param,
    )
    assert "_none'" in str(refused.value.user_message)


@pytest.mark.parametrize(
    ("path", "params", "param"),
    [
        ("payment_intents", {"amount": 100, "currency": "usd", "customer": "cus_none"}, "customer"),
        (
            "payment_intents",
            {"amount": 100, "currency": "usd", "payment_method": "pm_none"},
            "payment_method",
        ),
        ("transfers", {"amount": 100, "currency": "usd", "destination": "acct_none"}, "destination"),
    ],
)
@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes")
def test_an_unknown_id_in_a_parameter_is_400(
    here: LocalStripe, path: str, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        post(here, params, path)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (
        400,
        "resource_missing",
        param,
    )


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        (INTENT | {"colour": "red"}, "parameter_unknown", "colour"),
        (INTENT | {"automatic_payment_methods": {"enabled": True, "colour": "red"}}, "parameter_unknown",
         "automatic_payment_methods[colour]"),
        ({"amount": 100}, "parameter_missing", "currency"),
        ({"currency": "usd"}, "parameter_missing", "amount"),
        (INTENT | {"automatic_payment_methods": {"allow_redirects": "never"}}, "parameter_missing",
         "automatic_payment_methods[enabled]"),
        (INTENT | {"amount": "a lot"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": "10.5"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": "1e3"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": "9" * 5000}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": 0}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": -5}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": ""}, "parameter_invalid_empty", "amount"),
        (INTENT | {"amount": {"usd": 5}}, None, "amount"),
        (INTENT | {"currency": "dollars"}, None, "currency"),
        (INTENT | {"metadata": "text"}, None, "metadata"),
        (INTENT | {"metadata": {"a": {"b": "c"}}}, None, "metadata[a]"),
        (INTENT | {"metadata": {"k" * 41: "v"}}, None, "metadata"),
        (INTENT | {"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        (INTENT | {"metadata": {f"k{n}": "v" for n in range(51)}}, None, "metadata"),
        (INTENT | {"automatic_payment_methods": {"enabled": "maybe"}}, None,
         "automatic_payment_methods[enabled]"),
        (INTENT | {"payment_method_types": "card"}, None, "payment_method_types"),
        (INTENT | {"payment_method_types": ["cheque"]}, None, "payment_method_types[0]"),
        (INTENT | {"receipt_email": "nobody"}, "email_invalid", "receipt_email"),
        (INTENT | {"confirm": True}, None, "payment_method"),
        (INTENT | {"return_url": ANY_URL}, None, "return_url"),
    ],
)  # fmt: skip
@pytest.mark.stripe_rule("https://docs.stripe.com/api/errors")
def test_a_parameter_that_does_not_fit_is_a_400_that_names_it_and_makes_nothing(
    here: LocalStripe, params: dict[str, Any], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        post(here, params)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)
    assert here.client.v1.payment_intents.list().data == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"amount": 100, "currency": "usd"}', "application/json"),
        (b"amount=100&currency=usd", "multipart/form-data; boundary=x"),
        (b"amount=100&currency=usd", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"amount=100&currency=usd&metadata[a]=%ff", "application/x-www-form-urlencoded"),
        (b"amount=100&currency=usd&metadata[a]=\xff", "application/x-www-form-urlencoded"),
        (b"amount=100&currency=usd&metadata[a=1", "application/x-www-form-urlencoded"),
        (b"amount=100&currency=usd&metadata=x&metadata[a]=1", "application/x-www-form-urlencoded"),
        (b"amount=100&currency=usd&metadata[a]=1&metadata=x", "application/x-www-form-urlencoded"),
        (b"&".join(b"metadata[%d]=1" % n for n in range(2000)), "application/x-www-form-urlencoded"),
        (b"amount" + b"[a]" * 500 + b"=1", "application/x-www-form-urlencoded"),
        (
            b"amount=100&currency=usd&expand[" + b"9" * 5_000 + b"]=customer",
            "application/x-www-form-urlencoded",
        ),
    ],
)
@pytest.mark.stripe_rule("https://docs.stripe.com/api")
def test_a_body_that_is_no_form_is_a_400_in_stripe_s_shape(
    here: LocalStripe, body: bytes, content_type: str
) -> None:
    answer = raw(here, "POST", "/v1/payment_intents", KEY | {"Content-Type": content_type}, data=body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/metadata")
def test_an_empty_text_unsets_metadata(here: LocalStripe) -> None:
    create: Any = here.client.v1.customers.create
    assert create({"metadata": ""}).metadata.to_dict() == {}
    assert create({"metadata": {"kept": "1", "unset": ""}}).metadata.to_dict() == {"kept": "1"}
    with pytest.raises(stripe.InvalidRequestError):
        here.intent(metadata="")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded; charset=UTF-8", "", None])
def test_a_form_may_name_its_character_set_or_nothing(here: LocalStripe, content_type: str | None) -> None:
    headers = KEY if content_type is None else KEY | {"Content-Type": content_type}
    answer = raw(here, "POST", "/v1/customers", headers, data=b"name=Zo%C3%AB")
    assert (answer.status_code, answer.json().get("name")) == (200, "Zo\u00eb")


def test_what_a_caller_sends_cannot_make_an_error_grow_without_end(here: LocalStripe) -> None:
    error = raw(here, "POST", "/v1/customers", data=b"a" * 900_000 + b"=1").json()["error"]
    assert (len(error["param"]), len(error["message"])) == (5_000, 40_000)
