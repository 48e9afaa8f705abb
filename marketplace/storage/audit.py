"""Reads the tables for the audit, without a scan: every event through the time index, heads and balances by
the ids that the events name.

What is under way differs from one look to the next, so what is wrong in two looks is what is reported.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.ledger import audit as laws
from marketplace.ledger import audit_fees
from marketplace.ledger.audit import Breach, ContractMoney, TaskSeats, Worked
from marketplace.ledger.audit_fees import ClientFee, PairMoney
from marketplace.ledger.claims import claim_breaches
from marketplace.ledger.totals import Sides, Totals
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.reputation.rating import Rating
from marketplace.results.result import Result
from marketplace.shared.accounts import client_fee, hold, is_kept, owner_and_name
from marketplace.shared.ids import prefix_of
from marketplace.storage import codec, ledger, marks, seals
from marketplace.storage.claimed import Claimed
from marketplace.storage.models import HeadItem
from marketplace.storage.store import DynamoStore
from marketplace.work.task import Task

Kind = TypeVar("Kind")

HEADS_PER_READ = 100


def audit(store: DynamoStore) -> list[Breach]:
    """Every law that the tables can answer for; empty when all of them hold."""
    found = _Look(store).breaches()
    return sorted(found & _Look(store).breaches()) if found else []


class _Look:
    """One pass over everything."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store
        self._totals = Totals()
        self._effects = laws.Effects()
        self._shares = audit_fees.Shares()
        self._named: dict[str, set[str]] = defaultdict(set)
        self._faults: list[Breach] = []

    def breaches(self) -> set[Breach]:
        """What is wrong now."""
        for start in marks.marked():
            self._read_bucket(start)
        self._faults += self._seals()
        return set(
            chain(
                self._faults,
                laws.currency_breaches(self._totals),
                laws.balance_breaches(self._totals, self._balances()),
                self._contracts(),
                self._billings(),
                self._effects.breaches(),
                self._sessions(),
                self._ratings(),
            )
        )

    def _read_bucket(self, start: int) -> None:
        sums = Totals()
        for event in ledger.events_in(start):
            for name in event.about:
                self._named[prefix_of(name)].add(name)
            if event.journal_text is None:
                continue
            faults = list(laws.journal_breaches(event.id, json.loads(event.journal_text)))
            self._faults += faults
            if not faults and event.journal is not None:
                sums.add(event.journal)
                self._effects.add(event.about, event.journal)
                self._shares.add(event.id, event.about, event.journal)
        self._totals.merge(sums)

    def _seals(self) -> Iterator[Breach]:
        for month in marks.months():
            for start, sealed in seals.of_month(month):
                if sealed is not None and sealed != ledger.fold(start):
                    yield Breach(2, f"bucket {start}", "its sealed sum is not that of its journals")

    def _balances(self) -> dict[str, dict[str, dict[str, int]]]:
        owners = {owner_and_name(account)[0] for _, account, _ in self._totals if is_kept(account)}
        owners |= {f"client:{identifier}" for identifier in self._named["cli"]}
        owners |= {f"worker:{identifier}" for identifier in self._named["wrk"]}
        return {owner: self._store.balances(owner) for owner in sorted(owners)}

    def _contracts(self) -> Iterator[Breach]:
        claimed = Claimed.of(
            self._heads(Session, "ses"), self._heads(Result, "res"), self._heads(Outcome, "out")
        )
        taken: Counter[str] = Counter()
        for contract in self._heads(Contract, "con"):
            declined = contract.status == ContractStatus.CANCELLED and contract.accepted_at is None
            taken[contract.task_id] += not declined
            yield from laws.contract_breaches(self._money(contract))
            yield from claim_breaches(claimed.claims_on(contract))
            yield from audit_fees.client_fee_breaches(self._client_fee(contract))
            if contract.agency is not None and contract.agency.members is not None:
                members = [(share.worker_id, share.basis_points) for share in contract.agency.members]
                yield from self._shares.breaches(contract.id, members)
            if contract.results is not None:
                yield from laws.result_breaches(claimed.results_of(contract))
        for task in self._heads(Task, "task"):
            yield from laws.seat_breaches(TaskSeats(task.id, task.seats, task.seats_left, taken[task.id]))

    def _money(self, contract: Contract) -> ContractMoney:
        sides = self._totals.of_account(hold(contract.id)).get(contract.currency, Sides())
        return ContractMoney(
            id=contract.id,
            funded=contract.funded,
            held=contract.held,
            released=contract.released,
            returned=contract.returned,
            reserved=contract.reserved,
            hold=sides,
            reversed=contract.reversed,
        )

    def _client_fee(self, contract: Contract) -> ClientFee:
        sides = self._totals.of_account(client_fee(contract.id)).get(contract.currency, Sides())
        return ClientFee(contract.id, contract.client_fee_held, -sides.balance)

    def _billings(self) -> Iterator[Breach]:
        """Of every pair with a contract whose fee has tiers."""
        tiered = {one.id: one for one in self._heads(Contract, "con") if one.worker_fee.tiers}
        released, given = Counter[str](), Counter[str]()
        for contract in tiered.values():
            released[billing_id(contract)] += contract.released
            given[billing_id(contract)] += self._shares.given[contract.id]
        self._named["bil"] |= released.keys()
        billed = {one.id: one.billed for one in self._heads(Billing, "bil")}
        for pair in released:
            money = PairMoney(pair, billed.get(pair, 0), released[pair], given[pair])
            yield from audit_fees.billing_breaches(money)

    def _sessions(self) -> Iterator[Breach]:
        sessions = self._heads(Session, "ses")
        return laws.overlap_breaches(Worked(s.id, s.worker_id, s.started_at, s.ended_at) for s in sessions)

    def _ratings(self) -> Iterator[Breach]:
        ratings = self._heads(Rating, "rat")
        return laws.rating_breaches((rating.id, rating.contract_id, rating.side) for rating in ratings)

    def _heads(self, kind: type[Kind], prefix: str) -> Iterator[Kind]:
        """The heads of that kind which any event has named."""
        names = sorted(self._named[prefix])
        for at in range(0, len(names), HEADS_PER_READ):
            for item in HeadItem.batch_get(names[at : at + HEADS_PER_READ], consistent_read=True):
                yield codec.aggregate_of(kind, item)
