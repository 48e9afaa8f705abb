"""The metrics that infra/resources.yaml raises alarms on: each says that somebody has to look."""

from marketplace.runtime import Runtime

NAMESPACE = "GigMarketplace"
UNMOVED, BREACHES, STUCK = "UnmovedMoney", "AuditBreaches", "StuckTimers"
UNREAD = "UnreadStripeEvents"


def measure(runtime: Runtime, name: str, value: int) -> None:
    """Tells of so many."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # costs an import, and is rare

    with single_metric(name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="stage", value=runtime.settings.stage)
