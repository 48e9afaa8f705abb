"""The ledger's laws as checks of the demo, read from the tables alone."""

from marketplace.ledger.audit import LAWS
from marketplace.runtime import connect
from marketplace.settings import Settings
from marketplace.storage.audit import audit
from sandbox.demo import Check


def checks_of(settings: Settings) -> list[Check]:
    """A check a law, named with what it was held against; what broke it stands in the detail."""
    report = audit(connect(settings).store)
    broken = {number: [breach for breach in report.breaches if breach.law == number] for number in LAWS}
    return [
        Check(
            f"in the tables alone: {LAWS[number]} ({report.checked[number]} looked at)",
            held=not found,
            detail=str(found or ""),
        )
        for number, found in broken.items()
    ]
