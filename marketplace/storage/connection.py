"""One botocore client for every table.

PynamoDB would make a session and a client of its own for each model (57 ms each on a cold start);
here all of them share one, with our timeouts.
"""

from collections.abc import Iterator
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from pynamodb.connection import Connection, TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from marketplace.shared.errors import StoreSilent
from marketplace.shared.patience import Patience

CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 5
ATTEMPTS_MAX = 3
CONNECTIONS_MAX = 32
USER_AGENT = "gig-marketplace"
"""Given whole: botocore would put one together anew for each call, a quarter of a call's CPU."""
BATCH_PATIENCE = Patience(attempts_max=8, first_seconds=0.01, longest_seconds=0.5)
"""With what of a batch was not given."""
DEFECTS = frozenset({"ValidationException", "ResourceNotFoundException", "AccessDeniedException"})
"""Answers that no retry mends: they are raised as they are."""
_READS = frozenset({"GetItem", "BatchGetItem", "Query"})


def client_config(*, seconds_max: float = READ_TIMEOUT_SECONDS, attempts_max: int = ATTEMPTS_MAX) -> Config:
    """Time-outs and retries of every AWS client; `seconds_max` is for one answer."""
    return Config(
        connect_timeout=min(CONNECT_TIMEOUT_SECONDS, seconds_max),
        read_timeout=seconds_max,
        retries={"total_max_attempts": attempts_max, "mode": "standard"},
        max_pool_connections=CONNECTIONS_MAX,
        parameter_validation=False,
        user_agent=USER_AGENT,
    )


def dynamodb_client(session: Session, region: str, endpoint: str | None) -> Any:
    """A low-level client; `endpoint` is given for the local cloud only."""
    return session.create_client("dynamodb", region, endpoint_url=endpoint, config=client_config())


def answer_code(failed: PynamoDBException) -> str | None:
    """What DynamoDB called its refusal; None where no answer came, of which PynamoDB's own
    `cause_response_code` makes an AttributeError."""
    return failed.cause_response_code if isinstance(failed.cause, ClientError) else None


class SharedConnection(Connection):
    """A PynamoDB connection over a client that somebody else made."""

    def __init__(self, client: Any) -> None:
        super().__init__(region=client.meta.region_name)
        self._client = client

    @property
    def client(self) -> Any:
        """The shared client."""
        return self._client

    def dispatch(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """One request and its answer. Raises StoreSilent for a read without one, after the client's own
        attempts, and what botocore raises for a write."""
        try:
            return super().dispatch(operation_name, operation_kwargs)
        except (BotoCoreError, ClientError) as failed:
            code = failed.response["Error"]["Code"] if isinstance(failed, ClientError) else ""
            if operation_name in _READS and code not in DEFECTS:
                raise StoreSilent("the store did not answer; try again") from failed
            raise

    def batch_get(self, waiting: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Tables' names and items of one BatchGetItem; what the tables did not give is asked for again, each
        time later. Raises StoreSilent."""
        for _ in BATCH_PATIENCE.attempts():
            answer = self.dispatch("BatchGetItem", {"RequestItems": waiting})
            yield from answer["Responses"].items()
            waiting = answer.get("UnprocessedKeys", {})
            if not waiting:
                return
        raise StoreSilent("the store does not give all that it was asked for; try again")


class _SharedTableConnection(TableConnection):
    def __init__(self, table_name: str, connection: SharedConnection) -> None:
        self.table_name = table_name
        self.connection = connection


def bind(connection: SharedConnection, model: type[Model], table_name: str) -> None:
    """Points `model` at `table_name` through `connection`."""
    model.Meta.table_name = table_name
    schema = model._get_schema()  # noqa: SLF001  PynamoDB offers no other door for a shared client
    indexes = [
        {"IndexName": index["index_name"], "KeySchema": index["key_schema"]}
        for index in schema["global_secondary_indexes"]
    ]
    connection.add_meta_table(
        MetaTable(
            {
                "TableName": table_name,
                "KeySchema": schema["key_schema"],
                "AttributeDefinitions": schema["attribute_definitions"],
                "GlobalSecondaryIndexes": indexes,
                "LocalSecondaryIndexes": [],
            }
        )
    )
    model._connection = _SharedTableConnection(table_name, connection)  # noqa: SLF001  as above
