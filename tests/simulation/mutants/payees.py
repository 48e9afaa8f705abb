"""Bugs in fees on both sides, in tiers, and in what the members of an agency get."""

from marketplace.contracts import fee_schedules, offers, paying
from marketplace.contracts.contract import Contract
from marketplace.contracts.fee_schedules import FeeCalendar
from marketplace.contracts.fees import WorkerFee
from marketplace.funding import contested_holds
from marketplace.people.agency import Agency
from marketplace.shared import money
from tests.simulation.mutants import Mutant, rewritten

MUTANTS = (
    Mutant(
        "a piece that is paid in parts is charged its fee again",
        (rewritten(WorkerFee.between, " - self._of_piece(earlier, before_piece)", ""),),
    ),
    Mutant(
        "a tier begins where the one before begins",
        (rewritten(WorkerFee.share, "above) - lower) * rate", "above) - lower) * tier.basis_points"),),
    ),
    Mutant(
        "a tier's rate is that of everything",
        (rewritten(WorkerFee.share, "half_up(exact + (billed - lower) * rate)", "half_up(billed * rate)"),),
    ),
    Mutant(
        "what is billed does not lift the pair",
        (rewritten(paying._bill, "billing.with_billed(gross)", "billing"),),
    ),
    Mutant(
        "a bonus is not billed",
        (rewritten(paying.book_bonus, "_bill(contract, gross, tx)", "_bill(contract, 0, tx)"),),
    ),
    Mutant(
        "a reversal gives back the rate of what would come next",
        (rewritten(paying.book_reversal, "_bill(before, -gross, tx) - gross", "_bill(before, -gross, tx)"),),
        shown_by="reverse a result down the tiers, shared",
    ),
    Mutant(
        "a split loses the odd unit",
        (rewritten(money.allocate, "shares[index] += 1", "shares[index] += 0"),),
    ),
    Mutant(
        "the odd unit goes to the smallest remainder",
        (rewritten(money.allocate, "-(total * weights[index] % whole)", "total * weights[index] % whole"),),
    ),
    Mutant(
        "a member's part goes to the lead",
        (
            rewritten(
                paying._by_worker,
                "{share.worker_id: share.amount for share in pay.shares}",
                "{pay.shares[0].worker_id: pay.net}",
            ),
        ),
    ),
    Mutant(
        "one member owes what another has withdrawn",
        (
            rewritten(
                paying.book_reversal,
                "min(share.amount, there[share.worker_id])",
                "min(share.amount, there[pay.shares[0].worker_id])",
            ),
        ),
        shown_by="reverse an agency's result whose pay one of them has withdrawn, shared",
    ),
    Mutant(
        "the client's fee on what is returned stays",
        (
            rewritten(
                Contract.client_fee_held,
                "self.client_fee(self.released + self.held)",
                "self.client_fee(self.released + self.held + self.returned)",
            ),
        ),
    ),
    Mutant(
        "the client's fee is rounded for each release",
        (
            rewritten(
                paying.client_fee,
                "after.client_fee_earned - before.client_fee_earned",
                "before.client_fee(max(0, after.released - before.released))",
            ),
        ),
        shown_by="minutes in parts, with one minimum, shared",
    ),
    Mutant(
        "a chargeback leaves the client's fee on the hold that it takes",
        (rewritten(contested_holds.take_hold, "*paying.client_fee(contract, left),", ""),),
        shown_by="a chargeback takes holds, and the fees on them, shared",
    ),
    Mutant(
        "the client's fee on milestones that are planned again stays",
        (rewritten(contested_holds._book_release, "*paying.client_fee(before, after),", ""),),
        shown_by="it is lost, and milestones and their fees are planned again, shared",
    ),
    Mutant(
        "a bonus is free of the client's fee",
        (rewritten(paying.book_bonus, "earned=contract.client_fee(gross)", "earned=0"),),
    ),
    Mutant(
        "a schedule is in effect before its time",
        (rewritten(FeeCalendar.in_effect, "self.entries[index - 1]", "self.entries[-1]"),),
        shown_by="a schedule that is still to come is not in effect",
    ),
    Mutant(
        "a schedule may change the past",
        (rewritten(fee_schedules.publish_fee_schedule, "effective_at < earliest", "False"),),
    ),
    Mutant(
        "who has left an agency accepts for it",
        (rewritten(offers._with_shares, "not agency.is_member(contract.worker_id)", "False"),),
        shown_by="accept for an agency that one has left",
    ),
    Mutant(
        "a share changes without its member's consent",
        (rewritten(Agency.inviting, "self._with(asked)", "self._with(replace(asked, terms=offered))"),),
        shown_by="accept another share",
    ),
    Mutant(
        "a share is offered that others have",
        (rewritten(Agency.inviting, "asked.most > left", "False"),),
    ),
)
