"""What chargebacks did to one contract's hold."""

from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class ContractChargeback:
    """Minor units: `charged_back` was taken out of the hold and has not come back, `restored` has; `short` is
    what funded milestones lack by it. While any are in `frozen_by` (ids of chargebacks) no new paid work
    begins."""

    charged_back: int = 0
    restored: int = 0
    short: int = 0
    frozen_by: tuple[str, ...] = ()


NOTHING_CHARGED_BACK = ContractChargeback()
