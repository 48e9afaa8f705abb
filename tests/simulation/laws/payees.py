"""By which terms a contract is made: the schedule of its day, and the agency's shares as they stood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.contracts.fee_schedules import FEE_BASIS_POINTS, FeeSchedule
from marketplace.people.agency import Agency
from tests.simulation.laws.fees import WHOLE

TERMS = frozenset({FeeSchedule, Agency, Contract})
"""What the laws here are about."""

NOTICE_SECONDS = 120
CALL_SECONDS = 60
"""No call lives longer, and clocks are not so far apart."""


@dataclass
class PayeeLaws:
    """`schedules` in the order in which they came, each with its instant; `agencies` as they are."""

    schedules: list[tuple[int, FeeSchedule]] = field(default_factory=list)
    agencies: dict[str, Agency] = field(default_factory=dict)

    def copy(self) -> "PayeeLaws":
        """The same."""
        return PayeeLaws(list(self.schedules), dict(self.agencies))

    def seen(self, pairs: Sequence[tuple[Any, Any]], now: int) -> None:
        """Law 4, after a commit."""
        for new, old in pairs:
            if type(new) is FeeSchedule:
                assert old is None, f"law 4: {new.id} changed"
                assert new.effective_at >= new.created_at + NOTICE_SECONDS, f"law 4: {new.id} has no notice"
                self.schedules.append((now, new))
            elif type(new) is Agency:
                self._agency(new, old)
            elif type(new) is Contract:
                self._contract(new, old)

    def _agency(self, new: Agency, old: Agency | None) -> None:
        self.agencies[new.id] = new
        others = sum(member.terms.basis_points for member in new.members if member.terms)
        assert 0 <= others <= WHOLE, f"law 3: {new.id} gives away {others}"
        held = {member.worker_id: member.terms for member in old.members} if old else {}
        for member in new.members:
            before = held.get(member.worker_id)
            asked = old.member(member.worker_id) if old else None
            agreed = member.terms == before or (asked is not None and member.terms == asked.offered)
            assert agreed, f"law 4: {member.worker_id} has {member.terms}, and was never asked"

    def _in_effect(self, at: int) -> list[tuple[str | None, int]]:
        """The latest that came in time, of two for one instant the later; and those that an error of the
        store kept back until they should have been in effect, which may have been seen or not."""
        due = [(came, one) for came, one in self.schedules if one.effective_at <= at]
        sure = [one for came, one in due if came + CALL_SECONDS <= one.effective_at]
        began = max((one.effective_at for one in sure), default=0)
        latest = [one for one in sure if one.effective_at == began][-1:]
        unsure = [one for _, one in due if one not in sure and one.effective_at >= began]
        default = [] if latest else [(None, FEE_BASIS_POINTS)]
        return [*default, *((one.id, one.basis_points) for one in (*latest, *unsure))]

    def _contract(self, new: Contract, old: Contract | None) -> None:
        if old is None:
            told = (new.fees.schedule_id if new.fees else None, new.fee_basis_points)
            right = self._in_effect(new.created_at)
            assert told in right, f"law 4: {new.id} goes by {told}, not by one of {right}"
            return
        assert new.fees == old.fees, f"law 4: {new.id} has other fees than it was offered"
        if new.agency != old.agency:
            assert old.accepted_at is None, f"law 4: {new.id} is shared otherwise than it was accepted"
            assert new.agency is not None and old.agency is not None  # noqa: PT018
            agency = self.agencies[old.agency.agency_id]
            same = (new.agency.version, new.agency.members) == (agency.version, agency.shares)
            assert same, f"law 4: {new.id} is shared by {new.agency}, not by {agency.shares}"
            assert agency.is_member(new.worker_id), f"law 4: {new.id} is accepted by somebody else"
