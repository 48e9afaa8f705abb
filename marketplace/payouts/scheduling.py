"""What workers and their clocks do about payout schedules, one commit each."""

from marketplace.payouts.amounts import minimum
from marketplace.payouts.payout import Payout
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.schedule import ANCHORS, Interval, PayoutSchedule, payout_schedule_id
from marketplace.payouts.withdrawal import Withdrawal, is_enough, ready_account, withdraw
from marketplace.shared.accounts import worker_owner
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class SetPayoutSchedule:
    """Without an anchor: the first day that the interval knows."""

    worker_id: str
    interval: Interval
    anchor: int | None
    minimum: Money | None


@dataclass(frozen=True)
class PayOutScheduled:
    """What was available in one currency when `schedule_id` came due: at most `due` is paid out."""

    payout_id: str
    schedule_id: str
    due: Money
    rules: PayoutRules


def set_payout_schedule(command: SetPayoutSchedule, tx: Transaction) -> PayoutSchedule:
    """Raises InvalidRequest for an anchor that the interval does not know, or a minimum below ours."""
    anchor = _anchor(command)
    least = command.minimum
    if least is not None and least.amount < minimum(least.currency):
        raise InvalidRequest.at("/minimum/amount", f"must be at least {minimum(least.currency)}")
    found = tx.find(PayoutSchedule, payout_schedule_id(command.worker_id))
    schedule = found or PayoutSchedule.manual(command.worker_id, tx.now)
    changed = schedule.set_to(command.interval, anchor, least, tx.now)
    if changed != found:
        tx.save(changed)
        about = (changed.id, changed.worker_id)
        tx.publish(EventType.PAYOUT_SCHEDULE_UPDATED, about=about, interval=changed.interval)
    return changed


def wake_schedule(schedule_id: str, tx: Transaction) -> None:
    """Its instant has come: the next one is set, and where there is something to pay out a queue is told."""
    schedule = tx.due(PayoutSchedule, schedule_id)
    if schedule is None:
        return
    if ready_account(schedule.worker_id, tx) is None:
        tx.save(schedule.postponed(tx.now))
        return
    tx.save(schedule.moved_on(tx.now))
    if due := schedule.takes(tx.store.balances(worker_owner(schedule.worker_id))):
        amounts = {money.currency: money.amount for money in due}
        tx.publish(EventType.PAYOUT_SCHEDULE_DUE, about=(schedule.id, schedule.worker_id), amounts=amounts)


def pay_out_scheduled(command: PayOutScheduled, tx: Transaction) -> Payout | None:
    """None when by now there is too little, also beside what its worker owes, when they have switched it off
    or chosen otherwise since it came due, when it has come due again since, or when the account is not ready:
    then it is looked at a day later. That too is an event: should the message come again, what was earned
    since waits for its own day. Raises NotFound.
    """
    schedule = tx.get(PayoutSchedule, command.schedule_id)
    if not schedule.stands_as_of(tx.now):
        _pass_by(schedule, command.due.currency, tx)
        return None
    account = ready_account(schedule.worker_id, tx)
    balances = tx.store.balances(worker_owner(schedule.worker_id))
    asked = next((some for some in schedule.takes(balances) if some.currency == command.due.currency), None)
    if asked is not None and account is None:
        tx.save(schedule.postponed(tx.now))
    figures = balances.get(command.due.currency, {})
    amount = Money(min(asked.amount, command.due.amount), asked.currency) if asked else None
    if amount is None or account is None or not is_enough(amount, figures, command.rules):
        _pass_by(schedule, command.due.currency, tx)
        return None
    return withdraw(Withdrawal(command.payout_id, amount, figures, command.rules), account, tx)


def _pass_by(schedule: PayoutSchedule, currency: str, tx: Transaction) -> None:
    """Nothing is paid out for this instant, whoever asks again."""
    tx.publish(EventType.PAYOUT_SCHEDULE_PASSED, about=(schedule.id, schedule.worker_id), currency=currency)


def _anchor(command: SetPayoutSchedule) -> int | None:
    known = ANCHORS.get(command.interval)
    if known is None:
        if command.anchor is not None:
            raise InvalidRequest.at("/anchor", f"means nothing when payouts are {command.interval}")
        return None
    anchor = known[0] if command.anchor is None else command.anchor
    if anchor not in known:
        raise InvalidRequest.at("/anchor", f"is not a day of a {command.interval} schedule")
    return anchor


def forget_schedule(identifier: str, tx: Transaction) -> None:
    """Its worker is forgotten: nothing is paid out by itself any more. Raises NotFound."""
    schedule = tx.get(PayoutSchedule, identifier)
    tx.save(PayoutSchedule.manual(schedule.worker_id, schedule.created_at))
