"""When each API key was last used, right to the hour: one write a key and hour, beside what the call costs.

Kept in the limits' table without an end of its own. That it could not be written is no reason to refuse a
call.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

HOUR_SECONDS = 3_600
KEYS_MAX = 10_000
"""How many keys a process remembers."""


class KeyUses:
    """`client` gives a DynamoDB client with short time-outs."""

    def __init__(self, client: Callable[[], Any], *, table: str) -> None:
        self._client = client
        self._table = table
        self._noted: OrderedDict[str, int] = OrderedDict()

    def note(self, key_id: str, at: int) -> None:
        """The key was used at that instant (epoch seconds); only an hour's first use is written."""
        hour = at // HOUR_SECONDS
        if self._noted.get(key_id) == hour:
            return
        self._noted[key_id] = hour
        if len(self._noted) > KEYS_MAX:
            with suppress(KeyError):
                self._noted.popitem(last=False)
        with suppress(BotoCoreError, ClientError):
            self._client().update_item(
                TableName=self._table,
                Key=_key(key_id),
                UpdateExpression="SET used_at = :at",
                ConditionExpression="attribute_not_exists(used_at) OR used_at < :hour",
                ExpressionAttributeValues={
                    ":at": {"N": str(at)},
                    ":hour": {"N": str(hour * HOUR_SECONDS)},
                },
            )

    def last_used(self, key_id: str) -> int | None:
        """The first use of the last hour in which there was one; None before any, or when nobody can tell."""
        with suppress(BotoCoreError, ClientError):
            found = self._client().get_item(TableName=self._table, Key=_key(key_id))
            return int(found["Item"]["used_at"]["N"]) if "Item" in found else None
        return None


def _key(key_id: str) -> dict[str, Any]:
    return {"id": {"S": f"used#{key_id}"}}
