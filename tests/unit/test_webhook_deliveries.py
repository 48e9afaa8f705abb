"""What becomes of a delivery and of its endpoint, try by try."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.notifications import signing
from marketplace.notifications.delivery import TRIES_MAX, WAITS, Delivery, DeliveryStatus
from marketplace.notifications.endpoint import (
    ENDPOINTS_PER_CLIENT_MAX,
    FAILING_SECONDS_MAX,
    LATE_SECONDS,
    REST_SECONDS_MAX,
    Register,
    new_endpoint,
)
from marketplace.notifications.ports import Heard
from marketplace.shared.errors import IllegalTransition

DAY = 86_400
BUSY, TAKEN, GONE = Heard(code=503), Heard(code=204), Heard(code=410)


def delivery() -> Delivery:
    made = Delivery("dlv_1", "whk_1", "cli_1", "evt_1", "bid.submitted", "{}", 1_000, "dlv_1")
    return made.begun()


def missed(one: Delivery, tries: int) -> Delivery:
    for _ in range(tries):
        assert one.next_at is not None
        one = one.told(BUSY, one.next_at)
    return one


def test_it_is_tried_for_about_three_days_and_then_given_up() -> None:
    last = missed(delivery(), TRIES_MAX - 1)
    assert last.status == DeliveryStatus.PENDING
    assert 3 * DAY <= (last.next_at or 0) - 1_000 <= 4 * DAY
    given_up = missed(last, 1)
    assert (given_up.status, given_up.next_at, given_up.looks_at) == (DeliveryStatus.FAILED, None, None)


@given(st.integers(1, TRIES_MAX - 1), st.integers(0, 10**9))
def test_a_wait_is_never_shorter_than_planned_nor_than_the_receiver_asks(tries: int, asked: int) -> None:
    before = missed(delivery(), tries - 1)
    told = before.told(Heard(code=429, retry_after=asked), 5_000)
    wait = (told.next_at or 0) - 5_000
    assert max(WAITS[tries - 1], min(asked, DAY)) <= wait <= max(asked, WAITS[tries - 1] * 9 // 8)


def test_what_is_taken_or_gone_is_not_tried_again() -> None:
    assert delivery().told(TAKEN, 1_001).status == DeliveryStatus.DELIVERED
    assert delivery().told(GONE, 1_001).status == DeliveryStatus.FAILED
    for code in (199, 301, 302, 304, 400, 404):
        assert delivery().told(Heard(code=code), 1_001).status == DeliveryStatus.PENDING


def test_what_is_sent_again_has_all_its_tries_anew_and_the_same_id_and_body() -> None:
    given_up = missed(delivery(), TRIES_MAX)
    again = given_up.again(9_000)
    assert (again.event_id, again.body, again.tries) == ("evt_1", "{}", TRIES_MAX)
    assert missed(again, TRIES_MAX - 1).status == DeliveryStatus.PENDING
    assert missed(again, TRIES_MAX).status == DeliveryStatus.FAILED
    with pytest.raises(IllegalTransition):
        again.again(9_001)


@given(st.lists(st.integers(0, 4_000), min_size=1, max_size=60))
def test_an_endpoint_that_fails_rests_ever_longer_and_one_success_forgives_all(gaps: list[int]) -> None:
    one, at = new_endpoint("whk_1", "cli_1", url="https://a.example", events=("*",), at=0), 0
    for gap in gaps:
        at += gap
        was_resting = not one.takes_now(at)
        felt = one.missed(at)
        assert (felt == one) == was_resting
        one = felt
        if one.rests_until is not None and not was_resting:
            assert at < one.rests_until <= at + REST_SECONDS_MAX
        assert one.has_failed_too_long(at) == (at - gaps[0] >= FAILING_SECONDS_MAX)
    fresh = one.taken()
    assert fresh.takes_now(at)
    assert (fresh.failing_since, fresh.misses) == (None, None)


def test_a_signature_is_the_specifications_own_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    told = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [secret], at=1_614_265_330
    )
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_after_a_rotation_both_secrets_sign_until_the_old_ones_time_is_over() -> None:
    one = new_endpoint("whk_1", "cli_1", url="https://a.example", events=("*",), at=0)
    rotated = one.rotated(signing.new_secret(), at=100, overlap_seconds=50)
    assert rotated.secrets(149) == (rotated.secret, one.secret)
    assert rotated.secrets(150) == (rotated.secret,)
    told = signing.headers("evt_1", b"{}", rotated.secrets(149), at=149)["webhook-signature"].split(" ")
    for secret, signature in zip((rotated.secret, one.secret), told, strict=True):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = hmac.new(key, b"evt_1.149.{}", hashlib.sha256).digest()
        assert 24 <= len(key) <= 64
        assert signature == f"v1,{base64.b64encode(expected).decode()}"


def test_a_client_has_a_bounded_number_of_endpoints_and_hears_of_what_each_wants() -> None:
    register = Register("whr_1")
    for number in range(ENDPOINTS_PER_CLIENT_MAX):
        wants = ("bid.submitted",) if number else ("*",)
        register = register.holding(
            new_endpoint(f"whk_{number}", "cli_1", url="https://a.example", events=wants, at=0), 0
        )
    one = new_endpoint("whk_1", "cli_1", url="https://a.example", events=("task.open",), at=0)
    with pytest.raises(IllegalTransition):
        register.holding(new_endpoint("whk_x", "cli_1", url="https://a.example", events=("*",), at=0), 0)
    changed = register.holding(one, LATE_SECONDS)
    assert set(changed.who_wants("task.open", 0)) == {"whk_0", "whk_1"}
    assert changed.holding(one.stepped("disable", "gone"), 0).who_wants("task.open", 0) == ("whk_0",)
    assert "whk_1" not in changed.holding(one.deleted(), 0).endpoints
    later = register.holding(one, LATE_SECONDS + 1)
    assert later.who_wants("task.open", 0) == ("whk_0",)
