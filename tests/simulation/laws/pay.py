"""What work pays, computed a second time from the terms: who gets what out of each release."""

from fractions import Fraction
from math import floor
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.shared.events import Event
from marketplace.shared.transaction import Commit

WHOLE = 10_000


def half_up(exact: Fraction) -> int:
    """Rounded to whole minor units."""
    return floor(exact + Fraction(1, 2))


def fee_of(gross: int, contract: Contract) -> int:
    """The platform's share of a gross amount."""
    return half_up(Fraction(gross * contract.fee_basis_points, WHOLE))


def gross_of(session: Session, seconds: int) -> int:
    """What so many billable seconds cost, rounded once."""
    rate = session.terms.rate
    return half_up(Fraction(rate.amount_decimal) * seconds / 60)


def billable(session: Session) -> int:
    """What the proven time counts as, and what a correction added."""
    assert session.ended_at is not None
    terms, worked = session.terms, session.ended_at - session.started_at
    rounded = max(-(-worked // terms.increment_seconds) * terms.increment_seconds, terms.minimum_seconds)
    if terms.seconds_left is not None:
        rounded = min(rounded, terms.seconds_left)
    return rounded + session.corrected_seconds


def check(event: Event, commit: Commit, before: list[Any]) -> None:
    """That a release of a milestone or a session pays what the terms say, to the cent."""
    changed = {type(change.aggregate): (change.aggregate, old) for change, old in _pairs(commit, before)}
    if Contract not in changed or changed[Contract][1] is None:
        return
    contract, earlier = changed[Contract]
    if contract.reversed != earlier.reversed or is_bonus(event):
        return  # laws/results.py, and below
    released = contract.released - earlier.released
    posted = sides(event)
    fee, net = posted.get("platform:fees", 0), posted.get(f"worker:{contract.worker_id}:available", 0)
    if not released:
        assert fee == net == 0, f"law 3: {event.id} pays {net} and {fee} out of nothing"
        return
    assert fee + net == released, f"law 3: {event.id} releases {released}, pays {net} and {fee}"
    if Session in changed and _paid_session(commit, before, contract.id) is not None:
        session, old = _paid_session(commit, before, contract.id)
        due = session.paid - old.paid
        assert due == released, f"law 3: {session.id} is paid {due}, released {released}"
        expected = fee_of(session.paid, contract) - fee_of(old.paid, contract)
        assert fee == expected, f"law 3: {session.id} pays a fee of {fee}, not {expected}"
        if session.status == "disputed":
            accepted = gross_of(session, session.dispute.seconds)
            assert session.paid == accepted, (
                f"law 7: {session.id} is paid {session.paid}, accepted {accepted}"
            )
        if session.contest is not None:
            told = f"{session.id} is paid {due}, {session.contest} says"
            assert due == session.contest.to_worker, f"law 3: {told} {session.contest.to_worker}"
        elif session.status in ("approved", "corrected"):
            whole = gross_of(session, billable(session))
            assert session.paid == whole, f"law 7: {session.id} is paid {session.paid}, worked {whole}"
    else:
        expected = fee_of(released, contract)
        assert fee == expected, f"law 3: {contract.id} pays a fee of {fee}, not {expected}"


def is_bonus(event: Event) -> bool:
    """Whether it pays out of the wallet."""
    outcome = event.type == "outcome.applied" and event.details["bonus"]
    return event.type == "bonus.paid" or bool(outcome)


def check_bonus(event: Event, contract: Contract) -> None:
    """A bonus is shared like any other pay, and paid only while its contract stands."""
    status = contract.status
    assert status not in ("offered", "cancelled"), f"law 4: {event.id} pays on a contract that is {status}"
    posted = sides(event)
    gross = -posted.get(f"client:{contract.client_id}:wallet", 0)
    expected = fee_of(gross, contract)
    assert posted.get("platform:fees", 0) == expected, f"law 3: {event.id} pays a fee other than {expected}"


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


def sides(event: Event) -> dict[str, int]:
    """Credits less debits of an event's journal, by account."""
    sums: dict[str, int] = {}
    for posting in event.journal.postings if event.journal else ():
        sums[posting.account] = sums.get(posting.account, 0) + posting.credit - posting.debit
    return sums
