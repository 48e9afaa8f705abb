"""The second level: the same stories through the real PynamoDB and botocore, the wire answered by a model.

    use cases ──> storage ──> PynamoDB ──> botocore ──> [before-send] ──> faults ──> tables, queues
                                 its retries ┘ ^                                │
                                               └────────── the answer, or none ─┘

`expressions` and `tables` are DynamoDB as far as our storage speaks to it, and strict: what they do not know
they refuse by raising. A differential test holds them to the local cloud (`test_tables.py`).
"""
