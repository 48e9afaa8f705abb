"""Bugs in who may bid, in the files of messages, and in what clients' systems are told."""

from chalicelib.work import announce
from marketplace.correspondence import use_cases as correspondence
from marketplace.work import eligibility
from tests.simulation.mutants import Mutant, rewritten

MUTANTS = (
    Mutant(
        "a qualification is not looked at",
        (rewritten(eligibility._unmet, "identifier not in candidate.qualifications", "False"),),
        shown_by="who lacks a qualification does not bid",
    ),
    Mutant(
        "whether a worker is in the pool is not looked at",
        (
            rewritten(
                eligibility._why_hidden, "pool_id is not None and pool_id not in candidate.pools", "False"
            ),
        ),
        shown_by="who is not in a pool does not bid",
    ),
    Mutant(
        "a message refers to a file that nobody confirmed",
        (
            rewritten(
                correspondence.send_message,
                'require_ready(tx.find(Attachment, name), contract.id, f"/attachments/{index}")',
                "tx.find(Attachment, name)",
            ),
        ),
        shown_by="a file that nobody confirmed is not sent",
    ),
    Mutant(
        "a webhook is put down as often as its event comes",
        (rewritten(announce._tell, 'derived_id("dlv", event.id, endpoint_id)', 'runtime.new_id("dlv")'),),
        shown_by="a client's system is told of a task",
    ),
    Mutant(
        "a webhook is never put down",
        (rewritten(announce.announce, "register is not None:", "False:"),),
        shown_by="a client's system is told of a task",
    ),
)
