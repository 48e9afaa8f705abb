"""Carries a payout through Stripe: what is asked, in which order, and under which name it is written down."""

from contextlib import suppress
from functools import partial

from marketplace.payouts import use_cases
from marketplace.payouts.asking import Asking, word
from marketplace.payouts.fetcher import Fetcher
from marketplace.payouts.payout import BALANCE_INSUFFICIENT, Need, Payout, PayoutStatus
from marketplace.payouts.ports import BankPayout
from marketplace.payouts.timing import ARRIVAL_GRACE_SECONDS
from marketplace.payouts.use_cases import RecordBankPayout, RecordTransfer
from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown, known
from marketplace.shared.records import dataclass

TRANSFER = "transfer"
PAYOUT = "payout"


class NotYetSent(LookupError):
    """Stripe tells of a bank payout that we have not written down yet; the message is tried again."""


@dataclass(frozen=True)
class Courier(Asking):
    """Takes the next step, whatever it is."""

    def carry(self, payout_id: str) -> None:
        """Does what the payout needs next. What stays unknown is looked after when its clock runs out;
        what is parked is let go by a commit, never from here."""
        payout = self.read(payout_id)
        if payout is None:
            return
        if payout.need == Need.TRANSFER:
            self._transfer(payout)
        elif payout.need == Need.BANK:
            self._to_bank(payout)
        elif payout.need == Need.ARRIVAL:
            self._look_for_arrival(payout)
        elif payout.need == Need.REVERSAL:
            self._fetcher.fetch(payout)
        elif payout.need == Need.LOOK:
            self._look_back(payout)

    def find_lost(self, payout_id: str) -> None:
        """Looks at once for what was lost: something has been heard of it."""
        payout = self.read(payout_id)
        if payout is not None and payout.need == Need.TRANSFER and payout.transfer.lost_at is not None:
            self.carry(payout_id)

    def find_reversals(self, payout_id: str) -> None:
        """Money was fetched back of its transfer. Raises ProviderUnavailable, WhoseIsNotKnown."""
        self.find_lost(payout_id)
        payout = self.read(payout_id)
        if payout is not None:
            self._look_back(payout)

    def settle(self, bank: BankPayout) -> None:
        """Writes down how a bank payout ended, and what it cost if it was instant. Raises NotYetSent when it
        cannot be ours yet, ProviderUnavailable while Stripe does not tell the cost."""
        payout = self.read(bank.payout_id)
        if payout is None:
            return
        if bank.attempt >= payout.bank.attempt:
            self._settle(payout, bank)
        self._post_instant_fees(payout, bank.id)

    def _settle(self, payout: Payout, bank: BankPayout) -> None:
        if payout.bank.stripe_id is None:
            self.carry(payout.id)
            payout = self.read(payout.id) or payout
        if payout.bank.stripe_id != bank.id:
            raise NotYetSent(bank.id)
        how = "paid" if bank.is_paid else "failed"
        self.commit(
            lambda tx: use_cases.settle_bank_payout(bank, tx), payout.id, PAYOUT, payout.bank.attempt, how
        )

    def _transfer(self, payout: Payout) -> None:
        leg, sent_at = payout.transfer, self.clock.now()
        answer = self.asked(
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
        recorded = self.commit(
            lambda tx: use_cases.record_transfer(command, tx),
            payout.id,
            TRANSFER,
            leg.attempt,
            word(answer, sent_at),
        )
        if bank is not None and recorded is None:
            self._record_bank(payout, bank, sent_at)
        elif recorded is not None:
            self._after_the_bank(payout, recorded, bank)

    def _to_bank(self, payout: Payout) -> None:
        sent_at = self.clock.now()
        answer = self._ask_bank(payout)
        if answer is not None:
            self._record_bank(payout, answer, sent_at)

    def _ask_bank(self, payout: Payout) -> Outcome[BankPayout] | None:
        leg = payout.bank
        return self.asked(
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
                amount=payout.left,
                instant=payout.goes_instantly,
            ),
        )

    def _after_the_bank(self, before: Payout, now: Payout, answer: Outcome[BankPayout] | None) -> None:
        """What follows from what the bank payout came to: one that cannot be instant goes the standard way,
        and money that is not there may have been fetched back."""
        if isinstance(answer, Done):
            with suppress(ProviderUnavailable):  # it is looked for again when the payout has ended
                self._post_instant_fees(now, answer.value.id)
        elif (
            isinstance(answer, Refused) and answer.code == BALANCE_INSUFFICIENT and not before.goes_instantly
        ):
            self._fetcher.find(now)
        elif now.need == Need.BANK and (answer is None or isinstance(answer, Refused)):
            self._to_bank(now)

    def _record_bank(self, payout: Payout, answer: Outcome[BankPayout], sent_at: int) -> None:
        command = RecordBankPayout(payout.id, payout.bank.attempt, answer, sent_at)
        recorded = self.commit(
            lambda tx: use_cases.record_bank_payout(command, tx),
            payout.id,
            PAYOUT,
            payout.bank.attempt,
            word(answer, sent_at),
        )
        if recorded is not None:
            self._after_the_bank(payout, recorded, answer)

    def _look_for_arrival(self, payout: Payout) -> None:
        """The webhook may be lost; Stripe is asked, and asked again later."""
        seen = self.rail.bank_payout(account=payout.account, bank_payout_id=payout.bank.stripe_id or "")
        if isinstance(seen, Unknown):
            return
        bank = known(seen)
        if bank.is_paid or bank.has_failed:
            self.settle(bank)
        else:
            self.postpone(payout, max(bank.arrives_at, self.clock.now()) + ARRIVAL_GRACE_SECONDS)

    def _look_back(self, payout: Payout) -> None:
        """A bank may have returned it since, Stripe its fee, or somebody fetched its money back, and the
        webhook is lost. Raises ProviderUnavailable: then the message is tried again."""
        if payout.status in (PayoutStatus.SENT, PayoutStatus.PAID) and payout.bank.stripe_id is not None:
            bank = known(self.rail.bank_payout(account=payout.account, bank_payout_id=payout.bank.stripe_id))
            if bank.has_failed:
                self.settle(bank)
        if payout.instant is not None:
            self._post_instant_fees(payout, payout.instant.bank or payout.bank.stripe_id)
        self._fetcher.find(payout)

    def _post_instant_fees(self, payout: Payout, bank_payout_id: str | None) -> None:
        """Each line once. Stripe may book one later than it asks for it, or gives it back: then it is found
        when the payout is looked at again. Raises ProviderUnavailable."""
        if payout.instant is None or bank_payout_id is None:
            return
        for fee in known(self.rail.instant_fees(bank_payout_id)):
            self.commit(
                partial(use_cases.post_instant_fee, payout.id, bank_payout_id, fee),
                fee.balance_transaction,
                "fee",
            )

    @property
    def _fetcher(self) -> Fetcher:
        return Fetcher(self.store, self.rail, self.clock, self.trigger, self.beside)
