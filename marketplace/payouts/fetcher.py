"""Fetches a payout's money back from Stripe, and finds what others have fetched back there.

answer ─────────┐
webhook ────────┼──> record_reversal, under the id of Stripe's reversal: one journal
look-up, retry ─┘
"""

from marketplace.payouts import reversing
from marketplace.payouts.asking import Asking, word
from marketplace.payouts.payout import Payout
from marketplace.payouts.ports import TransferReversal
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, known

REVERSAL = "reversal"


class Fetcher(Asking):
    """What it learns is written down once, whoever tells of it first."""

    def fetch(self, payout: Payout) -> None:
        """Sends, or looks for, the reversal that was asked for. One that is refused may have been overtaken
        by somebody else's."""
        leg, transfer = payout.reversal, payout.transfer.stripe_id
        if leg is None or transfer is None or payout.reversals is None:
            return
        amount, sent_at = Money(payout.reversals.asked or 0, payout.amount.currency), self.clock.now()
        answer = self.asked(
            payout,
            leg,
            REVERSAL,
            look=lambda: self._attempt(transfer, leg.attempt),
            send=lambda: self.rail.reverse_transfer(
                key=f"{payout.id}:{REVERSAL}:{leg.attempt}",
                transfer=transfer,
                payout_id=payout.id,
                attempt=leg.attempt,
                amount=amount,
            ),
        )
        if answer is None:
            return
        if isinstance(answer, Done):
            self._record(payout, answer.value)
            return
        self.commit(
            lambda tx: reversing.record_unreversed(payout.id, leg.attempt, answer, sent_at, tx),
            *(payout.id, REVERSAL, leg.attempt, word(answer, sent_at)),
        )
        if isinstance(answer, Refused):
            self.find(payout)

    def find(self, payout: Payout) -> None:
        """Writes down whatever was fetched back of its transfer. Raises ProviderUnavailable."""
        if payout.transfer.stripe_id is not None:
            for reversal in known(self.rail.reversals(payout.transfer.stripe_id)):
                self._record(payout, reversal)

    def _record(self, payout: Payout, reversal: TransferReversal) -> None:
        name = (payout.id, "reversed", reversal.id)
        if self.store.event(self.cause(*name).event_id) is not None:
            return
        beside = tuple(self.beside(payout.worker_id))
        self.commit(lambda tx: reversing.record_reversal(payout.id, reversal, beside, tx), *name)

    def _attempt(self, transfer: str, attempt: int) -> Outcome[TransferReversal | None]:
        seen = self.rail.reversals(transfer)
        if not isinstance(seen, Done):
            return seen
        return Done(next((one for one in seen.value if one.attempt == attempt), None))
