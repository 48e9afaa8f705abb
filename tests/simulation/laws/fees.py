"""Who pays which fee and who shares the net, computed a second time from the contract's terms."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import floor
from typing import Any

from marketplace.contracts.billing import Billing
from marketplace.contracts.contract import Contract

WHOLE = 10_000


def half_up(exact: Fraction) -> int:
    """Rounded to whole minor units."""
    over, under = exact.numerator, exact.denominator
    return (2 * over + under) // (2 * under)


def worker_fee(contract: Contract, earlier: int, upto: int, billed: int) -> int:
    """The worker's side of a piece's gross from `earlier` to `upto`, when so much was billed before."""
    start = billed - earlier
    return _of_piece(contract, upto, start) - _of_piece(contract, earlier, start)


def _of_piece(contract: Contract, gross: int, billed: int) -> int:
    terms = contract.fees
    if not gross:
        return 0
    if terms is None:
        return half_up(Fraction(gross * contract.fee_basis_points, WHOLE))
    if terms.tiers:
        share = _billed_share(contract, billed + gross) - _billed_share(contract, billed)
    else:
        share = half_up(Fraction(gross * contract.fee_basis_points, WHOLE))
    return min(gross, max(terms.minimum or 0, share + (terms.fixed or 0)))


def _billed_share(contract: Contract, billed: int) -> int:
    """Each part above a bound pays its tier's rate instead of the one before."""
    exact, rate = Fraction(billed * contract.fee_basis_points, WHOLE), contract.fee_basis_points
    for tier in (contract.fees and contract.fees.tiers) or ():
        exact += Fraction(max(0, billed - tier.above) * (tier.basis_points - rate), WHOLE)
        rate = tier.basis_points
    return half_up(exact)


def client_fee(contract: Contract, gross: int) -> int:
    """The client's side of all that was released."""
    rate = (contract.fees and contract.fees.client_basis_points) or 0
    return half_up(Fraction(gross * rate, WHOLE)) if rate else 0


def spent_on(contract: Contract, spent: int, told: str) -> int:
    """The gross that costs so much with the client's fee on top."""
    rate = (contract.fees and contract.fees.client_basis_points) or 0
    near = spent * WHOLE // (WHOLE + rate)
    found = [gross for gross in range(near - 2, near + 3) if gross + client_fee(contract, gross) == spent]
    assert found, f"law 3: {told} costs {spent}, which is no gross and its fee"
    return found[0]


def check_shares(contract: Contract, paid: dict[str, int], told: str) -> None:
    """The net goes to the contract's worker alone, or to the agency's members, nobody a unit off."""
    due = parts(contract, sum(paid.values()))
    assert Counter(paid) == due, f"law 3: {told} pays {paid}, by the shares {dict(due)}"


def parts(contract: Contract, net: int) -> Counter[str]:
    """Who gets how much of a net."""
    if contract.agency is None:
        return Counter({contract.worker_id: net})
    members = contract.agency.members or ()
    assert sum(row.basis_points for row in members) == WHOLE, f"law 3: {contract.id} is shared in part"
    exact = {row.worker_id: Fraction(net * row.basis_points, WHOLE) for row in members}
    odd = net - sum(map(floor, exact.values()))
    lucky = sorted(exact, key=lambda worker: floor(exact[worker]) - exact[worker])[:odd]
    return Counter({worker: floor(part) + (worker in lucky) for worker, part in exact.items()})


def billed_before(pairs: Iterable[tuple[Any, Any]], contract: Contract, gross: int, told: str) -> int:
    """What was billed before a commit, which must add `gross` to it; nothing without tiers. `pairs` are its
    heads and what they were."""
    found = [(new, old) for new, old in pairs if type(new) is Billing]
    if not (contract.fees and contract.fees.tiers):
        assert not found, f"law 3: {told} is billed without tiers"
        return 0
    assert len(found) == 1, f"law 3: {told} is not billed"
    new, old = found[0]
    was = old.billed if old else 0
    assert new.billed - was == gross, f"law 3: {told} bills {new.billed - was}, not {gross}"
    pair = (new.client_id, new.currency)
    assert pair == (contract.client_id, contract.currency), f"law 3: {told} is billed elsewhere"
    return was
