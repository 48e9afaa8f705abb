"""The laws that hold always, checked against the tables of a deployment."""

from marketplace.ledger.audit import Breach
from marketplace.runtime import Runtime
from marketplace.storage import audit as tables


def audit(runtime: Runtime) -> list[Breach]:
    """Which ids break which law; empty when all laws hold. It only reads, and never scans."""
    return tables.audit(runtime.store)


def report_audit(runtime: Runtime) -> int:
    """Prints a line a breach; 1 when there is one."""
    breaches = audit(runtime)
    for breach in breaches:
        print(f"law {breach.law}: {breach.subject}: {breach.detail}")
    print(f"breaches: {len(breaches)}" if breaches else "all laws hold")
    return 1 if breaches else 0
