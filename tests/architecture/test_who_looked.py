"""Whatever shows staff what is personal keeps that they looked."""

from chalicelib.api import OPERATIONS
from chalicelib.auditing import STAFF

_PUBLIC = "anybody signed in sees it"
_FIGURES = "figures, ids and Stripe's words"
_RULES = "rules and texts of the market"
SHOWS_NOTHING_PERSONAL = {
    "list_audit_events": "what staff did",
    "get_client_erasure": "how far it is",
    "list_export_files": "how far they are",
    "get_export_file": "how far it is",
    "fetch_export_file": "figures and ids; who took it is an event of its own",
    "get_worker": _PUBLIC,
    "get_agency_profile": _PUBLIC,
    "list_worker_ratings": _PUBLIC,
    "list_client_ratings": _PUBLIC,
    "get_worker_reputation": _PUBLIC,
    "get_client_reputation": _PUBLIC,
    "list_fee_schedules": _RULES,
    "get_fee_schedule": _RULES,
    "list_agreements": _RULES,
    "get_agreement": _RULES,
    "list_agreement_versions": _RULES,
    "list_qualifications": _RULES,
    "get_qualification": _RULES,
    "get_exam": _RULES,
    "get_trial_balance": _FIGURES,
    "get_journal": _FIGURES,
    "get_trace": _FIGURES,
    "list_accounts": _FIGURES,
    "list_postings": _FIGURES,
    "get_account": _FIGURES,
    "get_statement": _FIGURES,
    "list_stuck_payouts": _FIGURES,
    "list_all_chargebacks": _FIGURES,
    "export_finance": "figures and ids; an export is an event of its own",
    "list_reconciliations": _FIGURES,
    "get_reconciliation": _FIGURES,
    "list_exceptions": _FIGURES,
    "list_periods": _FIGURES,
    "get_period": _FIGURES,
}


def test_each_read_of_staff_is_kept_or_shows_nothing_personal() -> None:
    unkept = {
        operation.run.__name__
        for operation in OPERATIONS
        if operation.method == "GET" and set(STAFF) & set(operation.who) and not operation.shows_personal_data
    }
    assert unkept - {row.run.__name__ for row in OPERATIONS if not row.who} == set(SHOWS_NOTHING_PERSONAL)
