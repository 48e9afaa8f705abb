"""Carries a payout through Stripe: what is asked, in which order, and under which name it is written down.

Nothing is asked inside a commit. Whoever learns of an outcome first, the answer, a webhook or a look-up,
writes it down under an event id that derives from `{payout}:{step}:{attempt}`; everybody after finds it done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from marketplace.payouts import use_cases
from marketplace.payouts.payout import ARRIVAL_GRACE_SECONDS, Need, Payout
from marketplace.payouts.ports import BankPayout, PayoutRail
from marketplace.payouts.use_cases import RecordBankPayout, RecordTransfer
from marketplace.shared.clock import Clock
from marketplace.shared.events import Event
from marketplace.shared.leg import Leg
from marketplace.shared.outcomes import Done, Outcome, Unknown, known
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Store, Transaction

ACTOR = "payouts"
TRANSFER = "transfer"
PAYOUT = "payout"

Found = TypeVar("Found")
Result = TypeVar("Result")


class NotYetSent(LookupError):
    """Stripe tells of a bank payout that we have not written down yet; the message is tried again."""


@dataclass(frozen=True)
class Courier:
    """`trigger` is the event that makes us act."""

    store: Store
    rail: PayoutRail
    clock: Clock
    trigger: Event

    def carry(self, payout_id: str) -> None:
        """Does what the payout needs next. What stays unknown is looked after when its clock runs out;
        what is parked is let go by a commit, never from here."""
        payout = self._read(payout_id)
        if payout is None:
            return
        if payout.need == Need.TRANSFER:
            self._transfer(payout)
        elif payout.need == Need.BANK:
            self._to_bank(payout)
        elif payout.need == Need.ARRIVAL:
            self._look_for_arrival(payout)

    def find_lost(self, payout_id: str) -> None:
        """Looks at once for what was lost: something has been heard of it."""
        payout = self._read(payout_id)
        if payout is not None and payout.need == Need.TRANSFER and payout.transfer.lost_at is not None:
            self.carry(payout_id)

    def settle(self, bank: BankPayout) -> None:
        """Writes down how a bank payout ended. Raises NotYetSent when it cannot be ours yet."""
        payout = self._read(bank.payout_id)
        if payout is None or bank.attempt < payout.bank.attempt:
            return
        if payout.bank.stripe_id is None:
            self.carry(payout.id)
            payout = self._read(bank.payout_id)
        if payout is None or payout.bank.stripe_id != bank.id:
            raise NotYetSent(bank.id)
        word = "paid" if bank.is_paid else "failed"
        self._commit(
            lambda tx: use_cases.settle_bank_payout(bank, tx), payout.id, PAYOUT, payout.bank.attempt, word
        )

    def _transfer(self, payout: Payout) -> None:
        leg, sent_at = payout.transfer, self.clock.now()
        answer = self._asked(
            payout,
            leg,
            TRANSFER,
            look=lambda: self.rail.find_transfer(payout.id),
            send=lambda: self.rail.send_transfer(
                key=f"{payout.id}:{TRANSFER}:{leg.attempt}",
                payout_id=payout.id,
                attempt=leg.attempt,
                account=payout.account,
                amount=payout.amount,
            ),
        )
        if answer is None:
            return
        at_once = isinstance(answer, Done) and not payout.bank.must_look(sent_at)
        bank = self._ask_bank(payout) if at_once else None
        command = RecordTransfer(payout.id, leg.attempt, answer, bank, sent_at)
        recorded = self._commit(
            lambda tx: use_cases.record_transfer(command, tx),
            payout.id,
            TRANSFER,
            leg.attempt,
            _word(answer, sent_at),
        )
        if bank is not None and recorded is None:
            self._record_bank(payout, bank, sent_at)
        elif bank is None and recorded is not None and recorded.need == Need.BANK:
            self._to_bank(recorded)

    def _to_bank(self, payout: Payout) -> None:
        sent_at = self.clock.now()
        answer = self._ask_bank(payout)
        if answer is not None:
            self._record_bank(payout, answer, sent_at)

    def _ask_bank(self, payout: Payout) -> Outcome[BankPayout] | None:
        leg = payout.bank
        return self._asked(
            payout,
            leg,
            PAYOUT,
            look=lambda: self.rail.find_bank_payout(
                account=payout.account, payout_id=payout.id, attempt=leg.attempt, since=leg.planned_at
            ),
            send=lambda: self.rail.send_to_bank(
                key=f"{payout.id}:{PAYOUT}:{leg.attempt}",
                payout_id=payout.id,
                attempt=leg.attempt,
                account=payout.account,
                amount=payout.amount,
            ),
        )

    def _record_bank(self, payout: Payout, answer: Outcome[BankPayout], sent_at: int) -> None:
        command = RecordBankPayout(payout.id, payout.bank.attempt, answer, sent_at)
        self._commit(
            lambda tx: use_cases.record_bank_payout(command, tx),
            payout.id,
            PAYOUT,
            payout.bank.attempt,
            _word(answer, sent_at),
        )

    def _asked(
        self,
        payout: Payout,
        leg: Leg,
        step: str,
        *,
        look: Callable[[], Outcome[Found | None]],
        send: Callable[[], Outcome[Found]],
    ) -> Outcome[Found] | None:
        """What came of this leg: looked up first where a key does not protect a second send; None when
        the look-up was in vain, or missed so early that it does not tell, or led to another attempt."""
        now = self.clock.now()
        if not leg.must_look(now):
            return send()
        seen = look()
        if isinstance(seen, Unknown):
            return None
        found = known(seen)
        if found is not None:
            return Done(found)
        if now < leg.miss_conclusive_at:
            self._postpone(payout, leg.miss_conclusive_at)
            return None
        name = (payout.id, step, leg.attempt)
        if leg.spent:
            self._commit(lambda tx: use_cases.plan_anew(payout.id, leg, tx), *name, "spent")
            return None
        changed = self._commit(lambda tx: use_cases.resend(payout.id, leg, tx), *name, "resent", now) is False
        return None if changed else send()

    def _look_for_arrival(self, payout: Payout) -> None:
        """The webhook may be lost; Stripe is asked, and asked again later."""
        seen = self.rail.bank_payout(account=payout.account, bank_payout_id=payout.bank.stripe_id or "")
        if isinstance(seen, Unknown):
            return
        bank = known(seen)
        if bank.is_paid or bank.has_failed:
            self.settle(bank)
        else:
            self._postpone(payout, max(bank.arrives_at, self.clock.now()) + ARRIVAL_GRACE_SECONDS)

    def _postpone(self, payout: Payout, until: int) -> None:
        self._commit(lambda tx: use_cases.postpone(payout, until, tx), payout.id, "postponed", until)

    def _read(self, payout_id: str) -> Payout | None:
        found = self.store.read(Payout, payout_id)
        return None if found is None else found[0]

    def _commit(self, work: Callable[[Transaction], Result], *name: object) -> Result | None:
        """Runs one use case under the event id of `name`; None when that has happened before."""
        cause = consequence(self.trigger, ":".join(map(str, name)), actor=ACTOR, at=self.clock.now())
        return run(self.store, cause, work).result


def _word(answer: Outcome[object], sent_at: int) -> str:
    """What an answer comes to. A lost send may be lost again, so its instant belongs to its name."""
    if isinstance(answer, Done):
        return "confirmed"
    return f"lost:{sent_at}" if isinstance(answer, Unknown) else "refused"
