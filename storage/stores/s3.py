"""Objects in a bucket that speaks S3: AWS, MinIO, SeaweedFS and others."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pyarrow as pa

from storage.stores.cache import DiskCache
from storage.stores.meter import Meter
from storage.stores.piece_reader import PieceReader
from storage.stores.pieces import Piece, Span
from storage.stores.s3_file import PieceFile, SpanFile
from storage.stores.s3_requests import Connect, S3Requests
from storage.stores.s3_settings import S3Settings
from storage.stores.s3_upload import S3Upload, content_md5
from storage.stores.unused_name import unused_name

__all__ = ["S3Store"]

_PARTS, _QUARANTINE = "parts/", "quarantine/parts/"


class S3Store:
    """A ``Store`` whose keys are keys of a bucket, ``PREFIXparts/`` before them. Raises FileNotFoundError, BucketError.

    ``cache`` keeps pieces of objects on the local disk.
    """

    kind = "bucket"

    def __init__(
        self,
        settings: S3Settings,
        cache: DiskCache | None = None,
        meter: Meter | None = None,
        connect: Connect | None = None,
    ) -> None:
        """Asks nothing of the bucket. Raises OSError for settings that boto3 cannot use, or when it is missing."""
        self.settings = settings
        self.meter = meter or Meter()
        self._root = settings.prefix + _PARTS
        self._requests = S3Requests(settings, self.meter, connect=connect)
        self._pieces = PieceReader(self._fetch, cache, self.meter)

    def put(self, key: str, data: bytes) -> None:
        self._requests.call("put_object", self._root + key, Body=data, ContentMD5=content_md5(data))
        self._pieces.forget(key)

    @contextmanager
    def create(self, key: str) -> Iterator[pa.NativeFile]:
        upload = S3Upload(self._requests, self._root + key)
        try:
            with pa.PythonFile(upload, mode="w") as sink:
                yield sink
                upload.publish()
        except BaseException as error:
            upload.abort()
            if upload.failure is not None and upload.failure is not error:
                raise upload.failure from error
            raise
        self._pieces.forget(key)

    def get(self, key: str) -> bytes:
        return self._requests.fetch(self._root + key)

    def open(self, key: str, pieces: Sequence[Piece] = ()) -> pa.NativeFile:
        if pieces:
            load = partial(self._pieces.load, key, neighbours=pieces)
            return pa.PythonFile(PieceFile(pieces, load), mode="r")
        size_bytes = self._requests.call("head_object", self._root + key)["ContentLength"]
        return pa.PythonFile(SpanFile(size_bytes, partial(self._fetch, key)), mode="r")

    def holding(self, key: str, piece: Piece) -> AbstractContextManager[None]:
        return self._pieces.holding(key, piece)

    def list(self, prefix: str = "") -> builtins.list[str]:
        found = self._all(self._root + prefix)
        return sorted(key.removeprefix(self._root) for key in found)

    def has(self, key: str) -> bool:
        """Asks for the object itself: a list may be older than it."""
        try:
            self._requests.call("head_object", self._root + key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        self._requests.call("delete_object", self._root + key)
        self._pieces.forget(key)

    def quarantine(self, key: str) -> str:
        name = self.settings.prefix + _QUARANTINE + key
        target = unused_name(name, set(self._all(name)).__contains__)
        source = {"Bucket": self.settings.bucket, "Key": self._root + key}
        self._requests.call("copy_object", target, CopySource=source)
        self.delete(key)
        return f"s3://{self.settings.bucket}/{target}"

    def room_bytes(self) -> None:
        return None

    def remove_temporary(self) -> int:
        """Abort the uploads that an interrupted write left; answers how many."""
        about = self._requests.call("list_multipart_uploads", Prefix=self._root)
        uploads = about.get("Uploads", [])
        for upload in uploads:
            self._requests.call("abort_multipart_upload", upload["Key"], UploadId=upload["UploadId"])
        return len(uploads)

    def _fetch(self, key: str, span: Span) -> bytes:
        return self._requests.fetch(self._root + key, span)

    def _all(self, prefix: str) -> builtins.list[str]:
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = self._requests.call("list_objects_v2", Prefix=prefix, **more)
            found += (each["Key"] for each in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return found
            more = {"ContinuationToken": page["NextContinuationToken"]}
