"""Takes down what a client offers who is forgotten: nobody is there any more to award it."""

from collections.abc import Callable
from functools import partial

from marketplace.runtime import Runtime
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import CLIENT_TASKS
from marketplace.work.task import Task, TaskStatus
from marketplace.work.use_cases import withdraw_task


def withdraw_tasks(
    runtime: Runtime, client_id: str, commit: Callable[[str, Callable[[Transaction], Task]], None]
) -> None:
    """Every task that is not closed, one by one; `commit` runs one use case under a name, once. Each one's
    closing is told, and its bids end by that."""
    for task in runtime.reads.every(CLIENT_TASKS, client_id):
        if task.status != TaskStatus.CLOSED:
            commit(task.id, partial(withdraw_task, task.id))
