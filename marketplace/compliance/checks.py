"""The checks of the checklist that a task may ask for: who a worker is, as Stripe has verified it, and what a
provider has found."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from marketplace.compliance.holding import Holding, holding_id
from marketplace.compliance.naming import QUALIFICATION, Find, subjects_of
from marketplace.compliance.screening import Screening, ScreeningKind, screening_id
from marketplace.people.payout_account import PayoutAccount, payout_account_id


class Check(StrEnum):
    """What can be asked for."""

    IDENTITY = "identity"
    TAX_FORM = "tax_form"
    BACKGROUND_CHECK = "background_check"


def passed_checks(worker_id: str, wanted: Iterable[str], at: int, find: Find) -> frozenset[str]:
    """Those of the wanted checks that count at `at`, epoch seconds."""
    return frozenset(check for check in wanted if _PASSES[Check(check)](worker_id, at, find))


def held_qualifications(
    worker_id: str, wanted: Iterable[str], client_id: str, at: int, find: Find
) -> frozenset[str]:
    """Those of the ids and names that a client's task asks for which the worker holds at `at`, epoch
    seconds."""
    return frozenset(
        entry
        for entry in wanted
        if any(
            _holds(identifier, worker_id, at, find)
            for identifier in subjects_of(entry, QUALIFICATION, client_id, find)
        )
    )


def _holds(qualification_id: str, worker_id: str, at: int, find: Find) -> bool:
    holding = find(Holding, holding_id(qualification_id, worker_id))
    return holding is not None and holding.holds(at)


def _is_identified(worker_id: str, at: int, find: Find) -> bool:
    del at
    account = find(PayoutAccount, payout_account_id(worker_id))
    return account is not None and account.is_ready


def _is_screened(kind: ScreeningKind) -> Callable[[str, int, Find], bool]:
    def passes(worker_id: str, at: int, find: Find) -> bool:
        screening = find(Screening, screening_id(worker_id, kind))
        return screening is not None and screening.passes(at)

    return passes


_PASSES: dict[Check, Callable[[str, int, Find], bool]] = {
    Check.IDENTITY: _is_identified,
    Check.TAX_FORM: _is_screened(ScreeningKind.TAX_FORM),
    Check.BACKGROUND_CHECK: _is_screened(ScreeningKind.BACKGROUND_CHECK),
}
