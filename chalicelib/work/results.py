"""What follows for results from an event: the verdicts of a ballot, also those that a dispute has kept back,
and what a cancelled contract gives up.

Each result is a commit of its own, named for the ballot or the contract and the result, so however often and
in whatever order events arrive, each has its effect once.
"""

from collections.abc import Callable
from functools import partial

from marketplace.contracts.contract import Contract
from marketplace.results.agreement import Ballot, ballot_id
from marketplace.results.consequences import give_up_result, judge_by_agreement
from marketplace.results.hold import counts
from marketplace.results.result import Result
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import RESULTS_IN_REVIEW


class ResultsLeft(RuntimeError):
    """The list does not show all that waits yet; the message is tried again."""


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again; events that mean nothing to results are left alone."""
    if event.type == EventType.RESULT_SUBMITTED and "ballot" in event.details:
        _count(event.details["ballot"], event, runtime)
    elif event.type == EventType.DISPUTE_WITHDRAWN:
        _count_again(event, runtime)
    elif event.type == EventType.CONTRACT_CANCELLED:
        _give_up(event.about[0], event, runtime)


def _count(ballot_id: str, event: Event, runtime: Runtime) -> None:
    for result_id in existing(runtime.store, Ballot, ballot_id).verdicts():
        name = f"{ballot_id}:{result_id}"
        _commit(event, runtime, name, "agreement", partial(judge_by_agreement, ballot_id, result_id))


def _count_again(event: Event, runtime: Runtime) -> None:
    """A verdict that came while a result was disputed takes effect now: nobody escapes it by a dispute."""
    for result_id in (name for name in event.about if prefix_of(name) == "res"):
        found = runtime.store.read(Result, result_id)
        if found is not None and found[0].external_id is not None:
            identifier = ballot_id(found[0].task_id, found[0].external_id)
            if runtime.store.read(Ballot, identifier) is not None:
                _count(identifier, event, runtime)


def _give_up(contract_id: str, event: Event, runtime: Runtime) -> None:
    if not _waiting(contract_id, runtime):
        return
    for result in runtime.reads.every(RESULTS_IN_REVIEW, contract_id):
        name = f"{contract_id}:{result.id}:given up"
        _commit(event, runtime, name, event.actor, partial(give_up_result, result.id))
    if _waiting(contract_id, runtime):
        raise ResultsLeft(contract_id)


def _waiting(contract_id: str, runtime: Runtime) -> int:
    found = runtime.store.read(Contract, contract_id)
    return counts(found[0]).submitted if found else 0


def _commit(
    event: Event, runtime: Runtime, name: str, actor: str, work: Callable[[Transaction], object]
) -> None:
    run(runtime.store, consequence(event, name, actor=actor, at=runtime.clock.now()), work)
