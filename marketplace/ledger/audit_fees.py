"""The laws of who pays fees and who shares in pay, as pure checks over what was read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from marketplace.ledger.audit import Breach
from marketplace.ledger.postings import BONUS
from marketplace.shared.journal import Journal
from marketplace.shared.money import allocate

AGENCY_PREFIX = "agn_"


@dataclass(frozen=True)
class ClientFee:
    """A contract's client fee, minor units: `held` as its head has it, `posted` as the ledger says."""

    contract_id: str
    held: int
    posted: int


@dataclass(frozen=True)
class PairMoney:
    """What was billed between two sides whose fee has tiers, minor units: `billed` as tiers go by it, and
    what their contracts released and paid as bonuses."""

    id: str
    billed: int
    released: int
    bonuses: int


def client_fee_breaches(fee: ClientFee) -> Iterator[Breach]:
    """Law 3: the fee on what is held is reserved beside it, neither more nor less."""
    if fee.held != fee.posted:
        told = f"the client's fee on what it holds is {fee.held}, the ledger says {fee.posted}"
        yield Breach(3, fee.contract_id, told)


def billing_breaches(pair: PairMoney) -> Iterator[Breach]:
    """Law 3: tiers go by all that was billed."""
    if pair.billed != pair.released + pair.bonuses:
        told = f"{pair.released} was released and {pair.bonuses} given, {pair.billed} is billed"
        yield Breach(3, pair.id, told)


def is_contract(name: str) -> bool:
    """Whether it is a contract's id."""
    return name.startswith("con_")


class Shares:
    """Law 3: collects what members of agencies got, and holds each release against its contract's shares.
    `given` are the bonuses by contract, gross, minor units."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()
        self._got: dict[str, list[tuple[str, Counter[str]]]] = defaultdict(list)

    def add(self, event_id: str, about: Iterable[str], journal: Journal) -> None:
        """One journal of an event about these objects; a bonus takes its gross out of the wallet first."""
        names = tuple(about)
        if journal.description == BONUS:
            self.given.update({name: journal.postings[0].debit for name in names if is_contract(name)})
        if not any(name.startswith(AGENCY_PREFIX) for name in names):
            return
        got: Counter[str] = Counter()
        for posting in journal.postings:
            if posting.account.startswith("worker:"):
                got[posting.account.split(":")[1]] += posting.credit - posting.debit
        for name in names:
            if is_contract(name):
                self._got[name].append((event_id, got))

    def breaches(self, contract_id: str, members: Sequence[tuple[str, int]]) -> Iterator[Breach]:
        """Of a contract whose members have these basis points."""
        for event_id, got in self._got[contract_id]:
            parts = allocate(abs(got.total()), [basis_points for _, basis_points in members])
            due = Counter({worker: part for (worker, _), part in zip(members, parts, strict=True)})
            if Counter({worker: abs(amount) for worker, amount in got.items()}) != due:
                yield Breach(3, event_id, f"pays the members of {contract_id} other than by their shares")
