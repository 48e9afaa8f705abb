"""What work pays, computed a second time from the terms: who gets what out of each release."""

from collections.abc import Sequence
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.shared.events import Event
from marketplace.shared.store import Commit
from tests.simulation.laws import fees


def check(event: Event, commit: Commit, before: list[Any], minutes: Any) -> None:
    """That a release of a milestone or a session pays what the terms say, to the cent."""
    changed = {type(change.aggregate): (change.aggregate, old) for change, old in _pairs(commit, before)}
    if Contract not in changed or changed[Contract][1] is None:
        return
    contract, earlier = changed[Contract]
    if contract.reversed != earlier.reversed or is_bonus(event):
        return  # laws/results.py, and below
    released = contract.released - earlier.released
    posted = sides(event)
    earned = fees.client_fee(contract, contract.released) - fees.client_fee(contract, earlier.released)
    fee, paid = posted.get("platform:fees", 0) - earned, available(posted)
    net = sum(paid.values())
    if not released:
        assert fee == net == 0, f"law 3: {event.id} pays {net} and {fee} out of nothing"
        return
    assert fee + net == released, f"law 3: {event.id} releases {released}, pays {net} and {fee}"
    fees.check_shares(contract, paid, event.id)
    heads = [(change.aggregate, old) for change, old in _pairs(commit, before)]
    billed = fees.billed_before(heads, contract, released, event.id)
    if Session in changed and _paid_session(commit, before, contract.id) is not None:
        session, old = _paid_session(commit, before, contract.id)
        assert session.paid - old.paid == released, f"law 3: {session.id} is not paid {released}"
        expected = fees.worker_fee(contract, old.paid, session.paid, billed)
        assert fee == expected, f"law 3: {session.id} pays a fee of {fee}, not {expected}"
        _check_minutes(session, released, minutes)
    else:
        paid = sum(one.price - one.deduction for one, _ in _withheld(changed, event))
        expected = fees.worker_fee(contract, paid, paid + released, billed)
        assert fee == expected, f"law 3: {contract.id} pays a fee of {fee}, not {expected}"


def _withheld(changed: dict[Any, Any], event: Event) -> list[Any]:
    """The outcome whose withheld part is paid after all: its work was paid, less that, before."""
    return [changed[Outcome]] if Outcome in changed and event.type != "outcome.applied" else []


def is_bonus(event: Event) -> bool:
    """Whether it pays out of the wallet."""
    outcome = event.type == "outcome.applied" and event.details["bonus"]
    return event.type == "bonus.paid" or bool(outcome)


def _check_minutes(session: Any, due: int, minutes: Any) -> None:
    """That a session's pay, `due` of it now, is what its minutes or the decision about them come to."""
    if session.status == "disputed":
        accepted = minutes.accepted(session, session.dispute.seconds)
        assert session.paid == accepted, f"law 7: {session.id} is paid {session.paid}, accepted {accepted}"
    if session.contest is not None:
        told = f"{session.id} is paid {due}, {session.contest} says"
        assert due == session.contest.to_worker, f"law 3: {told} {session.contest.to_worker}"
    elif session.status in ("approved", "corrected"):
        whole = minutes.whole(session)
        assert session.paid == whole, f"law 7: {session.id} is paid {session.paid}, worked {whole}"


def check_bonus(event: Event, contract: Contract, pairs: Sequence[tuple[Any, Any]]) -> None:
    """A bonus is shared like any other pay, and paid only while its contract stands."""
    status = contract.status
    assert status not in ("offered", "cancelled"), f"law 4: {event.id} pays on a contract that is {status}"
    posted = sides(event)
    gross = fees.spent_on(contract, -posted.get(f"client:{contract.client_id}:wallet", 0), event.id)
    on_top = fees.client_fee(contract, gross)
    expected = fees.worker_fee(contract, 0, gross, fees.billed_before(pairs, contract, gross, event.id))
    earned = posted.get("platform:fees", 0) - on_top
    assert earned == expected, f"law 3: {event.id} pays a fee other than {expected}"
    fees.check_shares(contract, available(posted), event.id)


def _pairs(commit: Commit, before: list[Any]) -> Any:
    return zip(commit.heads, before, strict=True)


def _paid_session(commit: Commit, before: list[Any], contract_id: str) -> Any:
    """The session whose pay changed, with what it was."""
    for change, old in _pairs(commit, before):
        new = change.aggregate
        ours = type(new) is Session and new.contract_id == contract_id and old is not None
        if ours and new.paid != old.paid:
            return new, old
    return None


def divided(event: Event, pairs: Sequence[tuple[Any, Any]]) -> tuple[int, int]:
    """What of an event's journal goes to the worker's side and what to the wallet, the client's fee apart."""
    if event.journal is None:  # all of it stays set aside, and the contract is as it was
        return 0, 0
    posted = sides(event)
    contract, old = next((new, old) for new, old in pairs if type(new) is Contract)
    wallet = posted.get(f"client:{contract.client_id}:wallet", 0)
    earned = fees.client_fee(contract, contract.released) - fees.client_fee(contract, old.released)
    if is_bonus(event):
        earned = fees.client_fee(contract, fees.spent_on(contract, -wallet, event.id))
    aside = posted.get(f"contract:{contract.id}:client_fee", 0)
    paid = sum(available(posted).values()) + posted.get("platform:fees", 0) - earned
    return paid, wallet + aside + earned


def available(posted: dict[str, int]) -> dict[str, int]:
    """What each worker gets of it."""
    ends = [name.split(":") for name in posted]
    return {one[1]: posted[":".join(one)] for one in ends if one[0] == "worker" and one[2] == "available"}


def sides(event: Event) -> dict[str, int]:
    """Credits less debits of an event's journal, by account."""
    sums: dict[str, int] = {}
    for posting in event.journal.postings if event.journal else ():
        sums[posting.account] = sums.get(posting.account, 0) + posting.credit - posting.debit
    return sums
