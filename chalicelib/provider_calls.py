"""A call that needs an outside provider's word in its answer.

    commit what is wanted ──> ask the provider ──> commit what it said, with the answer

Nothing is asked inside a commit. A crash in between leaves the first commit; the same key then finds it,
looks whether the provider did what it was asked, and asks again if not, under the provider's idempotency key.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.http import Call, Reply
from chalicelib.types import Model
from marketplace.shared.errors import IdempotencyInProgress, ProviderUnavailable
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown, known
from marketplace.shared.running import continuation, run
from marketplace.shared.transaction import Transaction

ATTACHED = "attached"

Subject = TypeVar("Subject")
Result = TypeVar("Result")
Value = TypeVar("Value")


def commit_around(
    call: Call[Any],
    begin: Callable[[Transaction], Subject],
    *,
    resume: Callable[[str], Subject],
    ask: Callable[[Subject, bool], Callable[[Transaction], Result]],
    render: Callable[[Result], Model],
) -> Reply:
    """`begin` commits and names its subject first in what its event is about; `resume` reads that subject
    again for a repeated call; `ask` asks the provider, perhaps again, and gives the use case of the second
    commit."""
    begun = run(call.runtime.store, call.cause, begin)
    second = continuation(call.cause, ATTACHED)
    if begun.earlier is None:
        subject: Any = begun.result
    else:
        subject_id = begun.earlier.about[0]
        answered = call.runtime.store.event(second.event_id, near=subject_id)
        if answered is not None:
            return call.again(answered)
        subject = resume(subject_id)
    work = ask(subject, begun.earlier is not None)
    outcome = run(
        call.runtime.store, second, work, lambda result: call.recorded(render(result), call.caller())
    )
    if outcome.earlier is not None:
        return call.again(outcome.earlier)
    return Reply(render(outcome.result))  # type: ignore[arg-type]  # no earlier event: there is a result


def asked_again(
    *,
    look: Callable[[], Outcome[Value | None]],
    look_wider: Callable[[], Outcome[Value | None]],
    send: Callable[[], Outcome[Value]],
    send_anew: Callable[[], Outcome[Value]],
) -> Outcome[Value]:
    """Looks for what was asked for before, and sends again what is not there. A key that only repeats an
    error is given up: `look_wider` then finds what it did make, whenever that was, and `send_anew` has
    another key. That is for things that may be left over, such as a payment that nobody can pay and that a
    list does not show yet. Raises ProviderUnavailable when nobody can look."""
    found = known(look())
    if found is not None:
        return Done(found)
    outcome = send()
    if not (isinstance(outcome, Unknown) and outcome.replayed):
        return outcome
    made = known(look_wider())
    return send_anew() if made is None else Done(made)


def answered(outcome: Outcome[Value], refuse: Callable[[Refused], Exception]) -> Value:
    """What the provider did. Raises what `refuse` makes of a definite no, IdempotencyInProgress while the
    first call with this key still runs there, ProviderUnavailable when it did not answer."""
    if isinstance(outcome, Done):
        return outcome.value
    if isinstance(outcome, Refused):
        raise refuse(outcome)
    raise _unanswered(outcome)


def _unanswered(unknown: Unknown) -> Exception:
    if unknown.is_in_progress:
        return IdempotencyInProgress("the first call with this key has not finished")
    return ProviderUnavailable("the payment provider did not answer; repeat the call with the same key")
