"""The laws that hold always, checked against the tables of a deployment."""

from marketplace.ledger.audit import AT_STRIPE, LAWS
from marketplace.runtime import Runtime
from marketplace.storage import audit as tables
from marketplace.storage.audit import Report
from marketplace.storage.audit_at_stripe import audit_at_stripe


def audit(runtime: Runtime, *, at_stripe: bool = False) -> Report:
    """Which ids break which law. It only reads, and never scans; `at_stripe` also compares with Stripe's
    balance transactions. Raises what the gateway raises."""
    report = tables.audit(runtime.store)
    return audit_at_stripe(runtime.stripe.books, runtime.clock.now(), report) if at_stripe else report


def report_audit(runtime: Runtime, *, at_stripe: bool = False) -> int:
    """Prints what each law was held against, and a line a breach; 1 when there is one, 2 when nothing was
    there to be looked at."""
    report = audit(runtime, at_stripe=at_stripe)
    for law, says in sorted({**LAWS, **(AT_STRIPE if at_stripe else {})}.items()):
        looked = f"{report.checked[law]} looked at" if report.checked[law] else "NOTHING to look at"
        print(f"law {law}: {says}: {looked}")
    for breach in report.breaches:
        print(f"breach of law {breach.law}: {breach.subject}: {breach.detail}")
    if report.breaches:
        print(f"breaches: {len(report.breaches)}")
        return 1
    if not report.checked[10]:
        print("there are no events: are these the tables that you mean?")
        return 2
    left = ", ".join(map(str, report.unproven))
    print(f"no breach; nothing to look at for law {left}" if left else "all laws hold")
    return 0
