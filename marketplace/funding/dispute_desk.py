"""Reads disputes at Stripe and writes down what they say, each thing under a name of its own.

However we come to look (any of five webhooks, the chargeback's own clock, the daily list), a dispute is read
as it stands and all of it is written down: how it stands, then the lines of Stripe's books. No page of
Stripe's promises their order: what was withdrawn comes before what came back.
So webhooks may be late, early, twice or never.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from marketplace.funding import chargebacks, evidence
from marketplace.funding.chargeback import STATUS_OF, Chargeback, chargeback_id
from marketplace.funding.ports import CardDispute, CardDisputes, ChargeFee, DisputeMovement
from marketplace.funding.top_up import TopUp
from marketplace.funding.use_cases import post_fee
from marketplace.shared.clock import Clock
from marketplace.shared.errors import InsufficientFunds, ProviderUnavailable
from marketplace.shared.events import Cause
from marketplace.shared.ids import NewId, derived_id, is_id
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Refused, known
from marketplace.shared.records import dataclass
from marketplace.shared.running import run
from marketplace.shared.store import Store
from marketplace.shared.transaction import Transaction

ACTOR = "stripe"
BALANCE_ATTEMPTS_MAX = 8
"""How often a withdrawal looks again at a wallet that its client is spending from."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class DisputeDesk:
    """`request_id` and `caused_by` say what made us look."""

    store: Store
    disputes: CardDisputes
    clock: Clock
    new_id: NewId
    request_id: str
    caused_by: str = ""

    def learn(self, dispute_id: str) -> None:
        """Writes down all that is new. A dispute of a charge that is not ours is left to reconciliation.

        Raises ProviderUnavailable, InsufficientFunds when the wallet never stands still: worth another try.
        """
        seen = known(self.disputes.dispute(dispute_id))
        if not is_id(seen.top_up_id, "top") or self.store.read(TopUp, seen.top_up_id) is None:
            return
        identifier = chargeback_id(seen)
        # A state may be told of again with another amount or date: those are a part of its name.
        state = (identifier, seen.state, seen.amount.amount, seen.due_by)
        position = self.new_id("chb")
        self._commit(partial(chargebacks.record_dispute, seen, position), *state)
        for movement in sorted(seen.movements, key=_comes_back):
            self._move(identifier, movement)
            self._post_fee(seen, movement)

    def give_evidence(self, identifier: str) -> None:
        """Hands the client's answer over; Stripe is looked at first, so whatever got lost is found.

        Raises ProviderUnavailable, and KeyError for a word of Stripe's that nobody here knows, which closes
        nothing.
        """
        found = self.store.read(Chargeback, identifier)
        if found is None or not found[0].has_evidence_to_give:
            return
        chargeback = found[0]
        seen = known(self.disputes.dispute(chargeback.dispute))
        awaited = chargeback.evidence.for_status if chargeback.evidence else chargeback.status
        if STATUS_OF[seen.state] != awaited:
            self._closed(chargeback, seen)
            return
        answer = self.disputes.answer(
            key=chargeback.evidence_key, stripe_id=chargeback.dispute, text=self._text(chargeback)
        )
        if isinstance(answer, Done):
            self._submitted(chargeback)
        elif isinstance(answer, Refused):
            work = partial(evidence.evidence_refused, chargeback, answer)
            self._commit(work, chargeback.evidence_key, "refused")
        else:
            if answer.replayed:
                self._commit(partial(evidence.evidence_anew, chargeback), chargeback.evidence_key, "spent")
            raise ProviderUnavailable(f"{answer.code}: {answer.message}")

    def _move(self, identifier: str, movement: DisputeMovement) -> None:
        work = chargebacks.withdraw_funds if movement.amount < 0 else chargebacks.reinstate_funds
        name = (movement.balance_transaction, "withdrawn" if movement.amount < 0 else "reinstated")
        for left in reversed(range(BALANCE_ATTEMPTS_MAX)):
            try:
                self._commit(partial(work, identifier, movement), *name)
            except InsufficientFunds:
                if not left:
                    raise
            else:
                return

    def _post_fee(self, seen: CardDispute, movement: DisputeMovement) -> None:
        if movement.fee:
            fee = Money(movement.fee, seen.amount.currency)
            charged = ChargeFee(movement.balance_transaction, seen.charge, fee, "")
            self._commit(partial(post_fee, charged), f"{movement.balance_transaction}:fee")

    def _closed(self, chargeback: Chargeback, seen: CardDispute) -> None:
        """Nothing is awaited any more: the bank has an answer, or it came too late for one."""
        if seen.answers:
            self._submitted(chargeback)
            return
        refused = Refused(seen.state, "the bank did not wait for it")
        work = partial(evidence.evidence_refused, chargeback, refused)
        self._commit(work, chargeback.evidence_key, "refused")

    def _text(self, chargeback: Chargeback) -> str:
        event_id = chargeback.evidence.event_id if chargeback.evidence else ""
        event = self.store.event(event_id, near=chargeback.id)
        if event is None:
            raise ProviderUnavailable("the answer's text has not arrived in its table yet")
        return str(event.details["text"])

    def _submitted(self, chargeback: Chargeback) -> None:
        work = partial(evidence.evidence_submitted, chargeback)
        self._commit(work, chargeback.evidence_key, "submitted")
        self.learn(chargeback.dispute)

    def _commit(self, work: Callable[[Transaction], Result], *name: object) -> Result | None:
        """Runs one use case under the event id of `name`; None when that has happened before."""
        identifier = derived_id("evt", ":".join(map(str, name)))
        cause = Cause(identifier, ACTOR, self.request_id, self.clock.now(), caused_by=self.caused_by)
        return run(self.store, cause, work).result


def _comes_back(movement: DisputeMovement) -> bool:
    return movement.amount > 0
