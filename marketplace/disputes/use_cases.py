"""From the claim to the division of the money."""

from marketplace.contracts import paying
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.disputes.dispute import PREFIX, Dispute, DisputeStatus, Party, dispute_id
from marketplace.disputes.subjects import stake_in
from marketplace.metering.session import Session
from marketplace.people.workers import Identity
from marketplace.shared.errors import (
    AlreadyExists,
    CurrencyMismatch,
    Fault,
    Forbidden,
    InvalidRequest,
    NotFound,
)
from marketplace.shared.events import EventType
from marketplace.shared.ids import renamed
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import Stake, given_back


@dataclass(frozen=True)
class OpenDispute:
    """`requested` is what the side wants of the unpaid money: the worker to be paid, the client to be given
    back. `position` is a fresh id: lists are ordered by it."""

    contract_id: str
    side: Side
    subject_id: str
    claim: str
    requested: Money
    position: str


@dataclass(frozen=True)
class Claim:
    """What is wanted of which piece of work, by whom."""

    subject_id: str
    by: Party
    text: str
    requested: int
    position: str


@dataclass(frozen=True)
class MakeOffer:
    """This side would be content if the worker got `to_worker`, gross."""

    dispute_id: str
    side: Side
    to_worker: Money


@dataclass(frozen=True)
class OwnDispute:
    """A dispute of the calling side's."""

    dispute_id: str
    side: Side


@dataclass(frozen=True)
class DecideDispute:
    """`operator` names the human who decides, and `identity_id` is theirs: they may work here as well."""

    dispute_id: str
    operator: str
    identity_id: str
    to_worker: Money
    reason: str | None


def open_dispute(command: OpenDispute, tx: Transaction) -> Dispute:
    """Sets the subject's unpaid money aside, and stops its clock.

    Raises NotFound, InvalidRequest, CurrencyMismatch, AlreadyExists, IllegalTransition, InsufficientFunds.
    """
    contract = own_contract(command.contract_id, command.side, tx)
    stake = stake_in(contract, command.subject_id, tx)
    _require_currency(command.requested, contract.currency, "/requested/currency")
    opener, requested = Party(command.side.name), command.requested.amount
    claim = Claim(command.subject_id, opener, command.claim, requested, command.position)
    begun = _begun(claim, stake, tx)
    to_worker = requested if opener == Party.WORKER else begun.amount.amount - requested
    offered = begun.offered(opener, to_worker, tx.now)
    tx.save(offered)
    tx.publish(
        EventType.DISPUTE_OPENED, about=_about(offered), claim=claim.text, by=opener, requested=requested
    )
    return offered


def take_up_session(session_id: str, tx: Transaction) -> None:
    """The session's own timer: a rest that the client has disputed, and that neither side has spoken for,
    goes to an operator. It neither stays unpaid without anybody's word nor lies there for ever."""
    session = tx.due(Session, session_id)
    if session is None or session.unclaimed_at is None:
        return
    stake = stake_in(tx.get(Contract, session.contract_id), session.id, tx)
    text = session.dispute.reason if session.dispute else ""
    position = renamed(tx.cause.event_id, PREFIX)
    claim = Claim(session.id, Party.CLOCK, text, stake.amount, position)
    escalated = _begun(claim, stake, tx).escalated(tx.now)
    tx.save(escalated)
    tx.publish(EventType.DISPUTE_ESCALATED, about=_about(escalated), claim=text, by=Party.CLOCK)


def make_offer(command: MakeOffer, tx: Transaction) -> Dispute:
    """Raises NotFound, InvalidRequest, CurrencyMismatch, IllegalTransition."""
    dispute = own_dispute(command.dispute_id, command.side, tx)
    _require_currency(command.to_worker, dispute.amount.currency, "/to_worker/currency")
    party, to_worker = Party(command.side.name), command.to_worker.amount
    offered = dispute.offered(party, to_worker, tx.now)
    tx.save(offered)
    tx.publish(EventType.DISPUTE_OFFERED, about=_about(offered), by=party, to_worker=to_worker)
    return offered


def accept_offer(command: OwnDispute, tx: Transaction) -> Dispute:
    """Divides the money as the other side has offered. Raises NotFound, IllegalTransition."""
    dispute = own_dispute(command.dispute_id, command.side, tx)
    settled = dispute.accepted(Party(command.side.name), tx.now)
    return _divide(settled, EventType.DISPUTE_SETTLED, "settle dispute", tx)


def escalate_dispute(command: OwnDispute, tx: Transaction) -> Dispute:
    """Asks an operator. Raises NotFound, IllegalTransition."""
    dispute = own_dispute(command.dispute_id, command.side, tx)
    return _escalate(dispute, Party(command.side.name), tx)


def decide_dispute(command: DecideDispute, tx: Transaction) -> Dispute:
    """Divides the money as the operator says. Raises NotFound, InvalidRequest, CurrencyMismatch,
    IllegalTransition, Forbidden for somebody who has a share in it."""
    dispute = tx.get(Dispute, command.dispute_id)
    _require_impartial(command.identity_id, dispute, tx)
    _require_currency(command.to_worker, dispute.amount.currency, "/to_worker/currency")
    decided = dispute.decided(command.to_worker.amount, by=command.operator, reason=command.reason, at=tx.now)
    return _divide(decided, EventType.DISPUTE_DECIDED, "decide dispute", tx)


def withdraw_dispute(command: OwnDispute, tx: Transaction) -> Dispute:
    """The work goes on as before, its clock where it stood. Raises NotFound, IllegalTransition."""
    dispute = own_dispute(command.dispute_id, command.side, tx)
    withdrawn = dispute.withdrawn(Party(command.side.name), tx.now)
    contract = tx.get(Contract, dispute.contract_id)
    stake_in(contract, dispute.subject_id, tx).freed(tx.now).stage(tx)
    tx.save(withdrawn)
    tx.publish(EventType.DISPUTE_WITHDRAWN, about=_about(withdrawn), by=command.side.name)
    return withdrawn


def wake_dispute(identifier: str, tx: Transaction) -> None:
    """Nobody has answered in time: an operator is asked; no operator either: an alarm."""
    dispute = tx.find(Dispute, identifier)
    if dispute is None or dispute.clock_at is None or dispute.clock_at > tx.now:
        return
    if dispute.status == DisputeStatus.OPEN:
        _escalate(dispute, Party.CLOCK, tx)
        return
    tx.save(dispute.reminded())
    tx.publish(EventType.DISPUTE_OVERDUE, about=_about(dispute))


def own_dispute(identifier: str, side: Side, tx: Transaction) -> Dispute:
    """The dispute if it is this side's. Raises NotFound."""
    dispute = tx.get(Dispute, identifier)
    if not side.owns(dispute):
        raise NotFound
    return dispute


def _require_impartial(identity_id: str, dispute: Dispute, tx: Transaction) -> None:
    person = tx.find(Identity, identity_id)
    if person is None:
        return
    payees = paying.shared(tx.get(Contract, dispute.contract_id), net=0).payees
    if person.worker_id in (dispute.worker_id, *payees):
        raise Forbidden("nobody decides about their own money")


def _begun(claim: Claim, stake: Stake, tx: Transaction) -> Dispute:
    """A dispute about all of the stake, which is set aside. Raises AlreadyExists, InvalidRequest,
    IllegalTransition, InsufficientFunds."""
    identifier, contract = dispute_id(claim.subject_id, claim.by, stake.ground), stake.contract
    if tx.find(Dispute, identifier) is not None:
        raise AlreadyExists("this side has disputed it already, as it stands")
    stake.contested(identifier, tx.now).stage(tx)
    if claim.requested > stake.amount:
        raise InvalidRequest.at("/requested/amount", f"must be at most the unpaid {stake.amount}")
    return Dispute(
        id=identifier,
        contract_id=contract.id,
        subject_id=claim.subject_id,
        client_id=contract.client_id,
        worker_id=contract.worker_id,
        position=claim.position,
        opened_by=claim.by,
        claim=claim.text,
        amount=Money(stake.amount, contract.currency),
        requested=claim.requested,
        opened_at=tx.now,
    )


def _escalate(dispute: Dispute, by: Party, tx: Transaction) -> Dispute:
    escalated = dispute.escalated(tx.now)
    tx.save(escalated)
    tx.publish(EventType.DISPUTE_ESCALATED, about=_about(escalated), by=by)
    return escalated


def _divide(dispute: Dispute, event: EventType, description: str, tx: Transaction) -> Dispute:
    """What the worker gets is released like any other pay; the rest is the client's to use again."""
    ending = dispute.ending
    if ending is None or ending.to_worker is None:
        raise ValueError(f"{dispute.id} has no end")
    contract = tx.get(Contract, dispute.contract_id)
    stake = stake_in(contract, dispute.subject_id, tx)
    decided = stake.decided(ending.to_worker, tx.now)
    after = given_back(decided.contract, dispute.amount.amount - ending.to_worker, at=tx.now)
    decided.on(after).stage(tx)
    tx.save(dispute)
    pay = paying.book(contract, after, description, tx, earlier=stake.earlier)
    about = dict.fromkeys((*_about(dispute), *pay.payees))
    tx.publish(event, about=about, to_worker=ending.to_worker, by=ending.by, reason=ending.reason)
    return dispute


def _about(dispute: Dispute) -> tuple[str, ...]:
    return (dispute.id, dispute.subject_id, dispute.contract_id, dispute.client_id, dispute.worker_id)


def _require_currency(amount: Money, currency: str, pointer: str) -> None:
    if amount.currency != currency:
        raise CurrencyMismatch((Fault(pointer, f"the contract is in {currency}"),))
