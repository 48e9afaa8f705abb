"""The controls over HTTP, for tests in other languages: JSON under `/_local/`. No key is asked for."""

import json
from typing import Any, NoReturn

from sandbox.stripe.control_fields import InvalidControl
from sandbox.stripe.controls import StripeControls, UnknownControl
from sandbox.stripe.errors import NotPossible, StripeError, UnknownObject
from sandbox.stripe.wire import Request, Response

PREFIX = "/_local/"


class ControlDoor:
    """Answers what is under `/_local/`; what is wrong is told in Stripe's shape."""

    def __init__(self, controls: StripeControls) -> None:
        self._controls = controls

    def answer(self, request: Request) -> Response:
        """200, or 400 for what is no JSON object, 404, 409 for what cannot be, 422 for what does not fit."""
        path = "/" + request.path.removeprefix(PREFIX).rstrip("/")
        try:
            answer = self._controls.play(request.method, path, _members(request.body))
        except InvalidControl as refused:
            param = next((name for name, _ in refused.faults if name), None)
            return _refusal(StripeError(422, str(refused), param=param))
        except (UnknownControl, UnknownObject) as refused:
            return _refusal(StripeError(404, str(refused)))
        except NotPossible as refused:
            return _refusal(StripeError(409, str(refused)))
        except StripeError as refused:
            return _refusal(refused)
        return _json(200, answer)


def _members(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError) as refused:
        raise StripeError(400, "The body is no JSON.") from refused
    if not isinstance(value, dict):
        raise StripeError(400, "The body is no JSON object.")
    return value


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _refusal(refused: StripeError) -> Response:
    return _json(refused.status, {"error": refused.error()})


def _json(status: int, value: dict[str, Any]) -> Response:
    return Response(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
