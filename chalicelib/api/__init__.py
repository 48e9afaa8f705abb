"""One file for each resource; `OPERATIONS` is the whole route table."""

from chalicelib.api import bids, clients, contracts, milestones, service, tasks, workers
from chalicelib.http import Operation

OPERATIONS: tuple[Operation, ...] = tuple(
    operation
    for module in (clients, workers, tasks, bids, contracts, milestones, service)
    for operation in module.routes.operations
)
