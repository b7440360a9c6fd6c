"""A new object of a bucket while it is written: one put if it is small, a multipart upload if not.

Nothing is visible before ``publish``; ``abort`` leaves nothing behind, and what an abort could not reach is aborted at
the next start.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any

from storage.stores.s3_requests import S3Requests

__all__ = ["S3Upload", "content_md5"]

logger = logging.getLogger(__name__)


def content_md5(data: bytes) -> str:
    """The header that makes a server refuse what was damaged on the way."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


class S3Upload:
    """A file as ``pa.PythonFile`` wants it. ``failure`` is what a write raised: Arrow may tell it as another error."""

    def __init__(self, requests: S3Requests, key: str) -> None:
        self._requests, self._key = requests, key
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._sent_bytes = 0
        self._upload_id: str | None = None
        self._parts: list[dict[str, Any]] = []
        self.failure: OSError | None = None
        self.closed = False

    def write(self, data: bytes) -> int:
        self._gathered.append(data)
        self._gathered_bytes += len(data)
        if self._gathered_bytes >= self._requests.settings.upload_part_bytes:
            try:
                self._send_part()
            except OSError as error:
                self.failure = error
                raise
        return len(data)

    def tell(self) -> int:
        return self._sent_bytes + self._gathered_bytes

    def flush(self) -> None:
        """Nothing to do: bytes are sent in parts of a size of their own."""

    def close(self) -> None:
        self.closed = True

    def publish(self) -> None:
        """Make the object visible, in place of one of the same name."""
        if self._upload_id is None:
            data = self._take()
            self._requests.call("put_object", self._key, Body=data, ContentMD5=content_md5(data))
            return
        if self._gathered_bytes:
            self._send_part()
        self._complete()

    def abort(self) -> None:
        """Drop what was sent. Raises nothing: whoever aborts has a better error to tell."""
        if self._upload_id is None:
            return
        try:
            self._requests.call("abort_multipart_upload", self._key, UploadId=self._upload_id)
        except OSError as error:
            logger.warning("an upload that failed cannot be aborted now, the next start tries again: %s", error)

    def _send_part(self) -> None:
        if self._upload_id is None:
            self._upload_id = self._requests.call("create_multipart_upload", self._key)["UploadId"]
        data, number = self._take(), len(self._parts) + 1
        about = {"UploadId": self._upload_id, "PartNumber": number}
        answer = self._requests.call("upload_part", self._key, Body=data, ContentMD5=content_md5(data), **about)
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._sent_bytes += len(data)

    def _take(self) -> bytes:
        data = b"".join(self._gathered)
        self._gathered, self._gathered_bytes = [], 0
        return data

    def _complete(self) -> None:
        parts = {"Parts": self._parts}
        try:
            self._requests.call("complete_multipart_upload", self._key, UploadId=self._upload_id, MultipartUpload=parts)
        except OSError:
            # The answer to an earlier attempt was lost: the upload is gone because the object is there.
            if not self._is_published():
                raise

    def _is_published(self) -> bool:
        try:
            about = self._requests.call("head_object", self._key)
        except OSError:
            return False
        return bool(about["ContentLength"] == self._sent_bytes)
