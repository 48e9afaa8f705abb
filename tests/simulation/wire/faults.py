"""What goes wrong on the wire, by the kind of request.

down        no connection: nothing was done
throttled   a refusal that says nothing was done, under one of its names; `within`: inside a cancelled
            transaction
conflict    another transaction was there first
error       a 500 before any effect; `gateway`: a page of HTML from something in between
broken      a 500 after the effect
lost        it is done, and no answer comes
late        no answer comes, and it is done later
partial     some of a batch is left over; `short page`: a query ends early
... for long   botocore's own tries meet it too; else the second one comes through
"""

from tests.simulation import faults

GET, BATCH_GET, QUERY = "wire get", "wire batch get", "wire query"
PUT, TRANSACT, BATCH_WRITE, SEND_BATCH = "wire put", "wire transact", "wire batch write", "wire send batch"
FOR_LONG = " for long"

THROTTLES = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")

_READ = ("killed before", *("throttled", "down", "error", "gateway"), "throttled for long", "down for long")
_WRITE = (
    *("killed before", "killed after", "throttled", "down", "error", "gateway", "broken", "lost", "late"),
    *("throttled for long", "down for long", "error for long", "broken for long", "lost for long"),
)

KIND_OF = {
    "GetItem": GET,
    "BatchGetItem": BATCH_GET,
    "Query": QUERY,
    "PutItem": PUT,
    "UpdateItem": PUT,
    "TransactWriteItems": TRANSACT,
    "BatchWriteItem": BATCH_WRITE,
    "SendMessageBatch": SEND_BATCH,
}
WRITES = frozenset({PUT, TRANSACT, BATCH_WRITE, SEND_BATCH})

faults.FAULTS.update(
    {
        GET: _READ,
        BATCH_GET: (*_READ, "partial"),
        QUERY: (*_READ, "short page"),
        PUT: (*_WRITE, "conflict"),
        TRANSACT: (*_WRITE, "conflict", "throttled within"),
        BATCH_WRITE: (*_WRITE, *("partial",) * 5),
        SEND_BATCH: (*_WRITE, *("partial",) * 5),
    }
)
faults.LIKELIER.update(
    {GET: 0.5, BATCH_GET: 1.0, QUERY: 0.5, PUT: 2.0, TRANSACT: 3.0, BATCH_WRITE: 8.0, SEND_BATCH: 2.0}
)
