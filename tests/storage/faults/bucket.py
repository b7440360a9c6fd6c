"""A bucket in memory, with the methods of boto3's client that are used. It outlives the machines that ask it.

Each call is one of the machine's: it may be answered with an error, with nothing done or done all the same, and the
machine may crash behind it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tests.storage.faults.fault import FaultKind
from tests.storage.faults.machine import Machine

__all__ = ["BucketClient"]

_MOST_REFUSALS = 40  # then an outage is over: a start waits for the bucket as long as it takes


class BucketClient:
    """What ``machine`` asks of ``objects``, by their keys."""

    def __init__(self, objects: dict[str, bytes], machine: Machine) -> None:
        self._objects, self._machine = objects, machine
        self._refusals = 0

    def put_object(self, Key: str, Body: bytes, **_: str) -> dict[str, Any]:
        with self._answering("bucket put", Key):
            self._objects[Key] = bytes(Body)
        return {}

    def get_object(self, Key: str, Range: str = "", **_: str) -> dict[str, Any]:
        with self._answering("bucket read", Key):
            data = self._content(Key)
        if Range:
            first, last = Range.removeprefix("bytes=").split("-")
            whole, data = data, data[int(first) : int(last) + 1]
            about = {"ContentRange": f"bytes {first}-{last}/{len(whole)}"}
        else:
            about = {}
        return {"Body": io.BytesIO(data), "ContentLength": len(data), **about}

    def head_object(self, Key: str, **_: str) -> dict[str, Any]:
        with self._answering("bucket read", Key):
            return {"ContentLength": len(self._content(Key))}

    def list_objects_v2(self, Prefix: str, **_: str) -> dict[str, Any]:
        with self._answering("bucket read", Prefix):
            return {"Contents": [{"Key": key} for key in sorted(self._objects) if key.startswith(Prefix)]}

    def delete_object(self, Key: str, **_: str) -> dict[str, Any]:
        with self._answering("bucket delete", Key):
            self._objects.pop(Key, None)
        return {}

    def copy_object(self, Key: str, CopySource: dict[str, str], **_: str) -> dict[str, Any]:
        with self._answering("bucket put", Key):
            self._objects[Key] = self._content(CopySource["Key"])
        return {}

    def list_multipart_uploads(self, **_: str) -> dict[str, Any]:
        """Objects here are too small for them."""
        return {}

    def _content(self, key: str) -> bytes:
        if key not in self._objects:
            raise _refusal(404, "NoSuchKey")
        return self._objects[key]

    @contextmanager
    def _answering(self, operation: str, key: str) -> Iterator[None]:
        try:
            with self._machine.operation(operation, Path(key), can_err=self._refusals < _MOST_REFUSALS):
                yield
                if self._machine.meets(FaultKind.LOST_ANSWER):
                    raise _refusal(500, "InternalError")
        except OSError as error:
            self._refusals += 1
            raise _refusal(503, "ServiceUnavailable") from error


def _refusal(status: int, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "the test")
