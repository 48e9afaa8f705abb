"""Bugs in the ledger, the holds, and what is paid out of them."""

from marketplace.contracts import access, clocking, endings, funding, milestones, paying
from marketplace.contracts.contract import Contract
from marketplace.contracts.contract_clock import ContractClock
from marketplace.contracts.milestone import TRANSITIONS, MilestoneStatus
from marketplace.funding import use_cases as top_ups
from marketplace.ledger import postings
from marketplace.shared import money, running
from marketplace.shared.transaction import Transaction
from tests.simulation.mutants import Mutant, entry, rewritten
from tests.simulation.store import SimStore

MUTANTS = (
    Mutant(
        "the version that was read is no condition of the write",
        (rewritten(SimStore._is_as_read, "!= version", "!= (found[0] if found else 0)"),),
    ),
    Mutant("a guarded balance has no guard", (rewritten(SimStore._check, "amount < 0 and", "False and"),)),
    Mutant(
        "an event that is there is written again",
        (rewritten(SimStore._check, "commit.event.id in self.arrived", "False"),),
    ),
    Mutant(
        "a commit without an answer counts as done",
        (
            rewritten(
                running._attempted,
                "looks = cause.repeatable",
                "if isinstance(refusal, CommitUnknown):\n            return Outcome(result)\n"
                "        looks = cause.repeatable",
            ),
        ),
    ),
    Mutant(
        "a key's other body is answered like the first",
        (rewritten(running._same, "event.input_hash != cause.input_hash", "False"),),
    ),
    Mutant(
        "a repeated call does not look for its event",
        (
            rewritten(
                running._earlier,
                "transaction.earlier or store.event(cause.event_id, near=transaction.carrier)",
                "None",
            ),
        ),
    ),
    Mutant(
        "what rides on a head that was read is not seen",
        (rewritten(running._seen, "event = transaction.earlier", "event = None"),),
    ),
    Mutant(
        "what rides no more is not looked for",
        (rewritten(running._seen, "transaction.cause.repeatable and transaction.carrier", "False"),),
    ),
    Mutant(
        "an event rides on whatever changes first",
        (rewritten(Transaction.carrier, "iter(self._looked_for)", "iter(self._changes)"),),
    ),
    Mutant(
        "the versions are those of the commit, not of the read",
        (
            rewritten(
                Transaction.staged,
                "self._looked_for.get(identifier),",
                "self.store.head(type(aggregate), identifier),",
            ),
        ),
    ),
    Mutant(
        "a fee is rounded away",
        (
            rewritten(
                money.half_up,
                "(exact * 2 + BASIS_POINTS_WHOLE) // (BASIS_POINTS_WHOLE * 2)",
                "exact // 10_000",
            ),
        ),
    ),
    Mutant(
        "a split loses a unit",
        (rewritten(paying.pay_between, "net=upto - earlier - fee", "net=max(0, upto - earlier - fee - 1)"),),
    ),
    Mutant(
        "a bonus is free of fees",
        (
            rewritten(
                paying.book_bonus,
                "pay = pay_between(contract, 0, gross, billed=_bill(contract, gross, tx))",
                "pay = Pay(0, (Share(contract.worker_id, gross),))",
            ),
        ),
    ),
    Mutant(
        "what is released stays in the hold",
        (rewritten(Contract.with_released, "held=self.held - gross, ", ""),),
    ),
    Mutant(
        "reserved money is not freed by its pay",
        (rewritten(Contract.with_reserved_paid, "self.reserved - gross", "self.reserved"),),
    ),
    Mutant(
        "what stopped sessions claim is not reserved",
        (rewritten(clocking.clocked_out, "contract.reserved + gross", "contract.reserved"),),
    ),
    Mutant(
        "the running session's allowance is free for others",
        (rewritten(ContractClock.headroom, "- (self.running.allowance if self.running else 0)", ""),),
    ),
    Mutant(
        "an ended contract returns what is reserved",
        (
            rewritten(endings.end_contract, "with_returned(dropped.headroom)", "with_returned(dropped.held)"),
            rewritten(Contract.with_returned, "amount > self.headroom", "amount > self.held"),
        ),
    ),
    Mutant(
        "a contract may end while somebody works",
        (rewritten(endings.end_contract, "if contract.running_session", "if False"),),
    ),
    Mutant(
        "a contract is funded in any state",
        (
            rewritten(Contract.with_funds, "self.require_active()", "pass"),
            rewritten(funding.fund_contract, "contract.require_active()", "pass"),
        ),
    ),
    Mutant(
        "an approved milestone can be approved again",
        (entry(TRANSITIONS, (MilestoneStatus.APPROVED, "approve"), MilestoneStatus.APPROVED),),
    ),
    Mutant(
        "a milestone is paid before it is handed in",
        (entry(TRANSITIONS, (MilestoneStatus.FUNDED, "approve"), MilestoneStatus.APPROVED),),
    ),
    Mutant(
        "a cancelled milestone keeps its money",
        (rewritten(milestones.cancel_milestone, "milestone.status == MilestoneStatus.FUNDED", "False"),),
    ),
    Mutant(
        "anybody may act on a contract",
        (rewritten(access.own_contract, "not side.owns(contract)", "False"),),
    ),
    Mutant(
        "the card's fee is the client's",
        (rewritten(top_ups.credit_top_up, "payment.received.amount, ", "payment.received.amount - 1, "),),
    ),
    Mutant(
        "a transfer is booked the wrong way round",
        (
            rewritten(
                postings.transfer_confirmed,
                "debit=accounts.CONNECTED, credit=accounts.STRIPE",
                "debit=accounts.STRIPE, credit=accounts.CONNECTED",
            ),
        ),
    ),
)
