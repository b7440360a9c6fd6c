"""A bucket whose small, often needed objects (indexes) are kept on the local disk, too.

An object is here before it is in the bucket, so with the bucket away the names here are all there are. The mirror is
made again when it is lost: until the bucket has answered once, ``list`` fails, for nobody knows what there is.
"""

from __future__ import annotations

import builtins
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress

import pyarrow as pa

from storage.stores.disk import DiskStore
from storage.stores.pieces import Piece
from storage.stores.s3 import S3Store

__all__ = ["MARKER", "MirroredStore"]

logger = logging.getLogger(__name__)

_FETCHERS = 16
MARKER = "bucket"  # its content names the bucket that is mirrored, whole


class MirroredStore:
    """A ``Store`` over ``remote``; objects whose keys end with ``suffix`` are also in ``local``.

    data_suffix   an object ``X + suffix`` describes ``X + data_suffix``, which is written first and deleted first
    is_intact     whether the bytes of a mirrored object are what was written
    """

    kind = "bucket"

    def __init__(
        self, remote: S3Store, local: DiskStore, suffix: str, data_suffix: str, is_intact: Callable[[bytes], bool]
    ) -> None:
        self._remote, self._local = remote, local
        self._suffix, self._data_suffix, self._is_intact = suffix, data_suffix, is_intact
        self._is_settled = True

    def put(self, key: str, data: bytes) -> None:
        if not self._is_mirrored(key):
            self._settle()
            self._remote.put(key, data)
            return
        self._local.put(key, data)
        try:
            self._remote.put(key, data)
        except BaseException:
            with suppress(OSError):  # the next start repairs it; what matters now is that the bucket has it not
                self._local.delete(key)
            raise

    @contextmanager
    def create(self, key: str) -> Iterator[pa.NativeFile]:
        self._settle()
        with self._remote.create(key) as sink:
            yield sink

    def get(self, key: str) -> bytes:
        if not self._is_mirrored(key):
            return self._remote.get(key)
        data = self._from_local(key)
        return self._fetched(key) if data is None else data

    def open(self, key: str, pieces: Sequence[Piece] = ()) -> pa.NativeFile:
        if not self._is_mirrored(key):
            return self._remote.open(key, pieces)
        try:
            return self._local.open(key)
        except OSError:
            return pa.BufferReader(self._fetched(key))

    def holding(self, key: str, piece: Piece) -> AbstractContextManager[None]:
        return self._remote.holding(key, piece)

    def list(self, prefix: str = "") -> builtins.list[str]:
        """Keys of the bucket; if it is away, what this mirror knows. Raises OSError when that may not be all."""
        try:
            keys = set(self._remote.list(prefix))
            self._repair(keys, prefix)
        except OSError as error:
            if not self._is_whole():
                raise
            logger.error("the bucket does not answer, parts are taken from the local indexes: %s", error)
            self._is_settled = False
            return sorted(self._known(prefix))
        if not prefix and not self._is_whole():
            self._local.put(MARKER, self._remote.settings.identity.encode())
        return sorted(keys)

    def delete(self, key: str) -> None:
        self._remote.delete(key)
        if self._is_mirrored(key):
            self._local.delete(key)

    def quarantine(self, key: str) -> str:
        place = self._remote.quarantine(key)
        if self._is_mirrored(key):
            self._local.delete(key)
        return place

    def room_bytes(self) -> None:
        return None

    def remove_temporary(self) -> int:
        return self._local.remove_temporary() + self._remote.remove_temporary()

    def _is_mirrored(self, key: str) -> bool:
        return key.endswith(self._suffix)

    def _data_key(self, key: str) -> str:
        return key.removesuffix(self._suffix) + self._data_suffix

    def _is_whole(self) -> bool:
        try:
            return self._local.get(MARKER) == self._remote.settings.identity.encode()
        except FileNotFoundError:
            return False

    def _mirrored(self, prefix: str = "") -> builtins.list[str]:
        return [key for key in self._local.list(prefix) if self._is_mirrored(key)]

    def _known(self, prefix: str) -> Iterator[str]:
        for key in self._mirrored(prefix):
            yield from (key, self._data_key(key))

    def _from_local(self, key: str) -> bytes | None:
        try:
            data = self._local.get(key)
        except OSError:
            return None
        if self._is_intact(data):
            return data
        logger.warning("the local copy of %s is damaged: fetching it again", key)
        return None

    def _fetched(self, key: str) -> bytes:
        data = self._remote.get(key)
        try:
            self._local.put(key, data)
        except OSError as error:
            logger.warning("%s cannot be kept on the local disk: %s", key, error)
        return data

    def _repair(self, keys: set[str], prefix: str) -> None:
        """Make ``keys``, as the bucket listed them, and the mirror say the same.

        A list may be older than the objects, so what matters is asked of the objects themselves.
        """
        known = set(self._mirrored(prefix))
        for key in sorted(known - keys):
            self._judge_unlisted(key, keys)
        keys -= self._adopt(sorted(key for key in keys - known if self._is_mirrored(key)))
        described = {self._data_key(key) for key in keys if self._is_mirrored(key)}
        doubtful = {key for key in keys ^ described if key.endswith(self._data_suffix)}
        there = {key for key in doubtful if self._remote.has(key)}
        keys -= doubtful - there
        keys |= there

    def _judge_unlisted(self, key: str, keys: set[str]) -> None:
        """A key of the mirror that the list lacks: half deleted, or half published, or the list is old."""
        data_key = self._data_key(key)
        if data_key not in keys and not self._remote.has(data_key):
            self._local.delete(key)
            return
        data = self._from_local(key)
        if data is not None:
            self._remote.put(key, data)
            keys |= {key, data_key}

    def _adopt(self, missing: Sequence[str]) -> set[str]:
        """Fetch what the mirror lacks; answers what is gone although the list has it."""
        with ThreadPoolExecutor(_FETCHERS, thread_name_prefix="mirror") as pool:
            return {
                key for key, is_there in zip(missing, pool.map(self._is_fetched, missing), strict=True) if not is_there
            }

    def _is_fetched(self, key: str) -> bool:
        try:
            self._fetched(key)
        except FileNotFoundError:
            return False
        return True

    def _settle(self) -> None:
        """Before the first write after a start without the bucket.

        Data without an index is a write that an earlier process did not finish. Its rows are in the log, and were
        restored from there; left alone it would come back at the next start beside the part that they go to now.
        """
        if self._is_settled:
            return
        keys = set(self._remote.list())
        finished = {self._data_key(key) for key in (*keys, *self._mirrored()) if self._is_mirrored(key)}
        for key in sorted(keys - finished):
            if key.endswith(self._data_suffix):
                self._remote.delete(key)
        self._is_settled = True
