"""The deployment's data keys: made and unwrapped by KMS, kept wrapped among the heads.

A key serves for ROTATION_SECONDS of real time; its number says which span. Whoever needs a span's key
first has KMS make it (GenerateDataKey) and keeps it wrapped under `dky_<number>`; everybody else has KMS
unwrap that (Decrypt). So a process asks KMS once for a key, and again every CACHED_SECONDS_MAX. A key is
never deleted: what it sealed is read for as long as it is kept. (AWS: kms/latest/developerguide/data-
keys.html)
"""

import base64
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PutError

from marketplace.shared.errors import StoreSilent
from marketplace.storage.connection import SharedConnection, answer_code
from marketplace.storage.models import HeadItem
from marketplace.storage.packing import packed, unpacked
from marketplace.storage.sealing import LostKey

ROTATION_SECONDS = 30 * 86_400
CACHED_SECONDS_MAX = 6 * 3_600
PREFIX = "dky"
_DEFECTS = frozenset(
    {"AccessDeniedException", "NotFoundException", "DisabledException", "ValidationException"}
)
_THERE = "ConditionalCheckFailedException"


class KmsKeys:
    """Implements `DataKeys`. `master` is the KMS key's id or ARN; `table` is that of the heads."""

    def __init__(
        self,
        kms: Callable[[], Any],
        connection: SharedConnection,
        *,
        table: str,
        master: str,
        real_seconds: Callable[[], float] = time.time,
    ) -> None:
        self._kms = kms
        self._connection = connection
        self._table = table
        self._master = master
        self._real_seconds = real_seconds
        self._known: dict[int, tuple[float, bytes]] = {}

    def current(self) -> tuple[int, bytes]:
        """The key of this span of time."""
        number = int(self._real_seconds() // ROTATION_SECONDS)
        return number, self._remembered(number) or self._found(number) or self._made(number)

    def of(self, number: int) -> bytes:
        """The key of that span. Raises LostKey."""
        found = self._remembered(number) or self._found(number)
        if found is None:
            raise LostKey(f"there is no data key {number}")
        return found

    def _remembered(self, number: int) -> bytes | None:
        until, key = self._known.get(number, (0.0, b""))
        return key if self._real_seconds() < until else None

    def _found(self, number: int) -> bytes | None:
        kept = self._connection.get_item(self._table, f"{PREFIX}_{number}", consistent_read=True)
        if "Item" not in kept:
            return None
        wrapped = base64.b64decode(unpacked(kept["Item"]["body"]["B"])[0])
        answer = self._asked("decrypt", KeyId=self._master, CiphertextBlob=wrapped, **_context(number))
        return self._remember(number, answer["Plaintext"])

    def _made(self, number: int) -> bytes:
        made = self._asked("generate_data_key", KeyId=self._master, KeySpec="AES_256", **_context(number))
        item = {
            "version": {"N": "1"},
            "body": {"B": packed([base64.b64encode(made["CiphertextBlob"]).decode()])},
        }
        try:
            self._connection.put_item(
                self._table, f"{PREFIX}_{number}", attributes=item, condition=HeadItem.id.does_not_exist()
            )
        except PutError as refused:
            if answer_code(refused) != _THERE:
                raise StoreSilent("the store did not answer; try again") from refused
            return self.of(number)
        return self._remember(number, made["Plaintext"])

    def _remember(self, number: int, key: bytes) -> bytes:
        self._known[number] = self._real_seconds() + CACHED_SECONDS_MAX, key
        return key

    def _asked(self, operation: str, **request: Any) -> Any:
        """Raises StoreSilent where no answer came."""
        try:
            return getattr(self._kms(), operation)(**request)
        except ClientError as refused:
            if refused.response["Error"]["Code"] in _DEFECTS:
                raise
            raise StoreSilent("the keys did not answer; try again") from refused
        except BotoCoreError as silent:
            raise StoreSilent("the keys did not answer; try again") from silent


def _context(number: int) -> dict[str, Any]:
    return {"EncryptionContext": {"purpose": "personal data", "number": str(number)}}
