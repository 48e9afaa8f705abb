"""The laws of who pays fees and who shares in pay, as pure checks over what was read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from marketplace.ledger.audit import Breach
from marketplace.ledger.postings import BONUS
from marketplace.shared.accounts import FEES
from marketplace.shared.journal import Journal
from marketplace.shared.money import allocate
from marketplace.shared.records import dataclass

AGENCY_PREFIX = "agn_"
CONTRACT_PREFIX = "con_"


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


def share_breaches(
    event_id: str, got: Mapping[str, int], members: Sequence[tuple[str, int]]
) -> Iterator[Breach]:
    """Law 3: what an event brought to each worker, or took, is by the members' basis points."""
    parts = allocate(abs(sum(got.values())), [basis_points for _, basis_points in members])
    due = Counter({worker: part for (worker, _), part in zip(members, parts, strict=True)})
    if Counter({worker: abs(amount) for worker, amount in got.items()}) != due:
        yield Breach(3, event_id, f"pays {dict(got)}, which is not by the shares {dict(due)}")


def shared_in(about: Iterable[str], journal: Journal) -> Iterator[tuple[str, dict[str, int]]]:
    """The contract and what each worker got, or, negative, gave back; nothing where no agency shares."""
    names = tuple(about)
    if not any(name.startswith(AGENCY_PREFIX) for name in names):
        return
    got: Counter[str] = Counter()
    for posting in journal.postings:
        if posting.account.startswith("worker:"):
            got[posting.account.split(":")[1]] += posting.credit - posting.debit
    yield from ((name, dict(got)) for name in names if name.startswith(CONTRACT_PREFIX))


def given_in(about: Iterable[str], journal: Journal) -> Iterator[tuple[str, int]]:
    """The contract and the gross of a bonus, which its journal takes out of the wallet first."""
    if journal.description == BONUS:
        gross = journal.postings[0].debit
        yield from ((name, gross) for name in about if name.startswith(CONTRACT_PREFIX))


def paid_out_in(journal: Journal) -> Iterator[tuple[str, int]]:
    """The hold's account and what workers and fees got out of it, minor units; what came back is negative. A
    bonus comes out of the wallet, and is none of it."""
    holds = {posting.account for posting in journal.postings if posting.account.endswith(":hold")}
    got = sum(
        posting.credit - posting.debit
        for posting in journal.postings
        if posting.account == FEES or posting.account.startswith("worker:")
    )
    if got:
        yield from ((account, got) for account in sorted(holds))
