"""Bugs in the storage, where events ride on heads, and in what is told from an answer of the tables: played
at the second level, where that code runs.

A request token is not enough of a guard to be missed alone, nor is an event's own condition: each makes up
for the other, so both are taken away together.
"""

from chalicelib import relay
from chalicelib.archive import archive as archived
from marketplace.shared import running
from marketplace.storage import archive, codec, commit, holdings, places, trail
from marketplace.storage.marks import Marks
from marketplace.storage.store import DynamoStore
from tests.simulation.mutants import Change, Mutant, rewritten


def _bug(name: str, *changes: Change) -> Mutant:
    return Mutant(name, changes, level=2)


MUTANTS = (
    _bug(
        "an event is carried over one that is there",
        rewritten(archive.keep, "save(condition=EventItem.id.does_not_exist())", "save()"),
    ),
    _bug(
        "a head drops events that have not arrived",
        rewritten(commit._Heads._not_yet_carried, "archive.missing(riding)", "()"),
    ),
    _bug(
        "a full head drops what it does not carry",
        rewritten(
            commit._Heads._not_yet_carried,
            "_answered(lambda: archive.keep(self._marks, missing), [])",
            "pass",
        ),
    ),
    _bug(
        "nobody looks for an event where it may ride",
        rewritten(DynamoStore.event, "self._riding(near) if near else ()", "()"),
    ),
    _bug(
        "the stream's follower takes the oldest rider",
        rewritten(archived.func, "[-1:]", "[:1]"),
    ),
    _bug(
        "a head is written over whatever is there",
        rewritten(
            commit._Heads.put,
            "_is_as_read(change.version if before else 0)",
            "None",
        ),
    ),
    _bug(
        "a transaction has no token, and its event no condition",
        rewritten(commit._transact, "client_request_token=token", "client_request_token=None"),
        rewritten(commit.write, "EventItem.id.does_not_exist()", "None"),
    ),
    _bug(
        "balances are changed whether or not there is enough",
        rewritten(commit._balance_updates, "(owner, currency, name) not in expected", "change > 0"),
    ),
    _bug(
        "a condition that failed counts as done",
        rewritten(commit._answered, "raise CommitConflict(str(failed)) from failed", "return"),
    ),
    _bug(
        "a transaction that was cancelled counts as done",
        rewritten(commit._answered, "raise _meaning(refused, owners, expectant) from refused", "return"),
    ),
    _bug(
        "too little money is taken for a conflict",
        rewritten(commit._meaning, "CONDITION_FAILED not in balances", "True"),
    ),
    _bug(
        "a retry has an event of another id",
        rewritten(
            running._attempted,
            "Transaction(store, cause)",
            "Transaction(store, replace(cause, event_id=cause.event_id + 'x' * again))",
        ),
    ),
    _bug(
        "what rides forgets its answer",
        rewritten(codec._answer_texts, "if answer is None", "if True"),
    ),
    _bug("a clock stands in no index", rewritten(places.places_of, "if due_at is not None", "if False")),
    _bug(
        "a queue's refusal of some messages is not read",
        rewritten(relay._send, 'answer.get("Failed", [])', "()"),
    ),
    _bug(
        "rows that a batch left over are forgotten",
        rewritten(trail._write, 'answer.get("UnprocessedItems", {}).get(table, [])', "[]"),
    ),
    _bug(
        "what comes into a hold counts each time that its event comes",
        rewritten(holdings._count, "condition=TrailItem.about.does_not_exist()", "condition=None"),
    ),
    _bug(
        "the client's fee counts as held",
        rewritten(holdings._changes, "client_fee(contract_id): FEES_HELD", "client_fee(contract_id): HELD"),
    ),
    _bug(
        "what leaves a hold is not counted",
        rewritten(holdings._changes, "posting.credit - posting.debit", "posting.credit"),
    ),
    _bug(
        "a bucket is not marked before its first event",
        rewritten(Marks.ensure, "if start in self._known", "if True"),
    ),
)
