"""Files in S3: `incoming/` is where an upload may write, `kept/` is what was looked at and copied, `offered/`
what we made for somebody to fetch.

S3 checks what is signed: the size and the type of an upload, and of a download that it comes as an attachment
of no type that a browser would show or run. (S3: Authenticating requests, query parameters; GetObject,
response header overrides)
"""

import time
import urllib.parse
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.object_store import (
    DOWNLOAD_SECONDS,
    UPLOAD_SECONDS,
    NotAsPromised,
    NotUploaded,
    Upload,
)

INCOMING, KEPT, OFFERED = "incoming/", "kept/", "offered/"
"""The bucket's lifecycle knows the first and the last: what stays there is deleted."""
INERT = "application/octet-stream"
"""What every download is called: nothing that a browser shows, runs or guesses about."""
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_CHANGED = frozenset({"412", "PreconditionFailed"})

Answer = TypeVar("Answer")


class S3ObjectStore:
    """One bucket, which nobody reaches but through this."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, name: str, *, content_type: str, size: int) -> Upload:
        """A PUT; its two headers are part of the signature, so S3 refuses any other size or type."""
        place = self._at(INCOMING, name) | {"ContentType": content_type, "ContentLength": size}
        url = self._client.generate_presigned_url("put_object", Params=place, ExpiresIn=UPLOAD_SECONDS)
        headers = {"Content-Type": content_type, "Content-Length": str(size)}
        return Upload("PUT", url, int(time.time()) + UPLOAD_SECONDS, headers)

    def keep(self, name: str, *, content_type: str, size: int) -> None:
        """Copies what it has looked at, and nothing that came in between."""
        if self._head(KEPT, name) is not None:
            return
        found = self._head(INCOMING, name)
        if found is None:
            raise NotUploaded(name)
        if found["ContentLength"] != size or found.get("ContentType") != content_type:
            raise NotAsPromised(name)
        source = self._at(INCOMING, name)
        self._asked(
            lambda: self._client.copy_object(
                **self._at(KEPT, name), CopySource=source, CopySourceIfMatch=found["ETag"]
            )
        )

    def download(self, name: str, *, filename: str) -> str:
        """A GET that answers with an attachment."""
        return self._address(self._at(KEPT, name), filename, INERT)

    def offer(self, name: str, content: BinaryIO, *, filename: str, content_type: str) -> str:
        """A GET that answers with an attachment."""
        content.seek(0)
        place = self._at(OFFERED, name)
        self._asked(lambda: self._client.put_object(**place, Body=content, ContentType=content_type))
        return self._address(place, filename, content_type)

    def put_piece(self, name: str, content: bytes) -> None:
        """Written whole, or not at all."""
        self._asked(lambda: self._client.put_object(**self._at(OFFERED, name), Body=content))

    def piece(self, name: str) -> bytes:
        """All of it."""

        def read() -> bytes:
            return bytes(self._client.get_object(**self._at(OFFERED, name))["Body"].read())

        return self._asked(read)

    def join(self, pieces: Sequence[str], name: str, *, content_type: str) -> None:
        """Inside the store: nothing is sent. One that breaks off is cleared away by the bucket's lifecycle.
        (S3: UploadPartCopy)"""
        place = self._at(OFFERED, name)
        begun = self._asked(lambda: self._client.create_multipart_upload(**place, ContentType=content_type))
        upload = place | {"UploadId": begun["UploadId"]}
        parts = []
        for number, piece in enumerate(pieces, start=1):
            part = upload | {"PartNumber": number, "CopySource": self._at(OFFERED, piece)}
            copied = self._asked(lambda part=part: self._client.upload_part_copy(**part))  # type: ignore[misc]
            parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
        self._asked(
            lambda: self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        )

    def offered(self, name: str, *, filename: str, content_type: str) -> str:
        """A GET that answers with an attachment."""
        return self._address(self._at(OFFERED, name), filename, content_type)

    def delete(self, name: str) -> None:
        """Deleting what is not there is no error to S3."""
        for prefix in (INCOMING, KEPT):
            place = self._at(prefix, name)
            self._asked(lambda place=place: self._client.delete_object(**place))  # type: ignore[misc]

    def _address(self, place: dict[str, Any], filename: str, content_type: str) -> str:
        told = place | {
            "ResponseContentDisposition": disposition(filename),
            "ResponseContentType": content_type,
            "ResponseCacheControl": "private, no-store",
        }
        url: str = self._client.generate_presigned_url("get_object", Params=told, ExpiresIn=DOWNLOAD_SECONDS)
        return url

    def _head(self, prefix: str, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._asked(lambda: self._client.head_object(**self._at(prefix, name)))
        except NotUploaded:
            return None
        return found

    def _at(self, prefix: str, name: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": f"{prefix}{name}"}

    def _asked(self, call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except ClientError as refused:
            code = str(refused.response["Error"]["Code"])
            if code in _ABSENT:
                raise NotUploaded(code) from refused
            if code in _CHANGED:
                raise NotAsPromised(code) from refused
            raise ProviderUnavailable("the file store refused; try again") from refused
        except BotoCoreError as silent:
            raise ProviderUnavailable("the file store did not answer; try again") from silent


def disposition(filename: str) -> str:
    """A Content-Disposition that saves under this name. (RFC 6266, RFC 8187)"""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " ._-") else "_" for one in filename)
    encoded = urllib.parse.quote(filename, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
