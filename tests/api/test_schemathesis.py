"""Schemathesis invents bodies, queries and keys from our document: no answer is a defect or strays from it.

https://schemathesis.readthedocs.io. Each operation is called by everybody who may use it, on objects of
their own, so that what is invented gets past the doors; then come whole histories, in which the answers of
calls feed the next ones.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis import checks as named_checks

from chalicelib.api import OPERATIONS
from chalicelib.http import Operation
from marketplace.access.principals import Role
from sandbox.system import System
from tests.api.matrix import named
from tests.api.stage import Stage
from tests.openapi_answers import DOCUMENT
from tests.summaries import tell

pytestmark = [
    pytest.mark.xdist_group("api"),
    # The system's own threads spread their retries at random while Hypothesis invents.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies"),
]

CHECKS = [
    named_checks.not_a_server_error,
    named_checks.status_code_conformance,
    named_checks.content_type_conformance,
    named_checks.response_schema_conformance,
]
FITTING, MISFITTING, HISTORIES, STEPS = 2, 1, 6, 12
DEEPER = 20
"""How much more is invented in a deep run."""
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.config.generation.update(with_security_parameters=False)
SCHEMA.config.checks.negative_data_rejection.expected_statuses = ["400", "404", "409", "413", "422"]
TIMEOUT_SECONDS = 30

answered: Counter[str] = Counter()
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.run.__name__)


def bounded(examples: int, **more: Any) -> settings:
    """Invents so many; the same ones in every run, unless it is a deep one."""
    return settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    statuses = ", ".join(f"{status} {calls}" for status, calls in sorted(answered.items()))
    tell(f"schemathesis: {len(OPERATIONS)} operations, {answered.total():,} calls answered: {statuses}")


@each_operation
def test_what_is_invented_is_answered_as_the_document_says(
    operation: Operation, stage: Stage, system: System
) -> None:
    _invent(operation, stage, system, bounded(FITTING, derandomize=True), GenerationMode.POSITIVE)
    _invent(operation, stage, system, bounded(MISFITTING, derandomize=True), GenerationMode.NEGATIVE)


@pytest.mark.deep
@each_operation
def test_much_that_is_invented_is_answered_as_the_document_says(
    operation: Operation, stage: Stage, system: System
) -> None:
    _invent(operation, stage, system, bounded(FITTING * DEEPER), GenerationMode.POSITIVE)
    _invent(operation, stage, system, bounded(MISFITTING * DEEPER), GenerationMode.NEGATIVE)


def test_histories_that_are_invented_are_answered_as_the_document_says(stage: Stage, system: System) -> None:
    _histories(stage, system, bounded(HISTORIES, stateful_step_count=STEPS, derandomize=True))


@pytest.mark.deep
def test_many_histories_that_are_invented_are_answered_as_the_document_says(
    stage: Stage, system: System
) -> None:
    _histories(stage, system, bounded(HISTORIES * DEEPER, stateful_step_count=STEPS * 2))


def _invent(
    operation: Operation, stage: Stage, system: System, bounds: settings, mode: GenerationMode
) -> None:
    wanted = SCHEMA[operation.path][operation.method]
    if mode == GenerationMode.NEGATIVE and not (wanted.body or wanted.query or wanted.headers):
        return
    role = operation.who[0] if operation.who else None
    ids = named(operation, stage, stage.theirs, right=True, role=role)
    in_path = {slot.partition("/")[2]: value for slot, value in ids.items() if slot.startswith("path/")}
    cases = wanted.as_strategy(mode, path_parameters=in_path or None)
    checks = CHECKS if mode == GenerationMode.POSITIVE else [*CHECKS, named_checks.negative_data_rejection]

    @bounds
    @given(cases, st.sampled_from(operation.who or (None,)))
    def played(case: Case[Any], role: Role | None) -> None:
        answer = case.call(base_url=system.base_url, headers=_token(role, stage), timeout=TIMEOUT_SECONDS)
        answered[str(answer.status_code)] += 1
        case.validate_response(answer, checks=checks)

    played()


def _histories(stage: Stage, system: System, bounds: settings) -> None:
    """Links are what the answers' ids say; everybody of a history is of one tenant."""
    roles = {f"{each.method} {each.path}": each.who[0] if each.who else None for each in OPERATIONS}

    class History(SCHEMA.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            headers = _token(roles[case.operation.label], stage)
            return {"base_url": system.base_url, "headers": headers, "timeout": TIMEOUT_SECONDS}

        def validate_response(self, response: Response, case: Case[Any], **_: Any) -> None:
            answered[str(response.status_code)] += 1
            case.validate_response(response, checks=CHECKS)

    History.run(settings=bounds)


def _token(role: Role | None, stage: Stage) -> dict[str, str]:
    if role is None:
        return {}
    caller = stage.staff.get(role) or stage.stranger(role)
    return {"Authorization": f"Bearer {caller.token}"}
