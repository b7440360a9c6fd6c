"""The stores that parts live in: the disk of the data folder, and a bucket where one is configured.

Heads are flushed to the hot one; parts may be moved to the cold one. The index of every part is on the local disk.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import CorruptData, UnsupportedFormat
from storage.part.index import PartIndex
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.settings import StorageSettings
from storage.stores import (
    OPERATING_SYSTEM,
    BucketError,
    Connect,
    DiskCache,
    DiskStore,
    Files,
    Meter,
    MirroredStore,
    S3Settings,
    S3Store,
    Store,
)
from storage.stores.mirror import MARKER

__all__ = ["UNFINISHED", "Stores", "open_stores"]

UNFINISHED = "restoring"  # a file in the data folder while a backup is being restored to it


@dataclass(frozen=True, slots=True)
class Stores:
    """``cold`` is None without a bucket, or when that is hot already. Parts may be in any of ``all``."""

    hot: Store
    cold: Store | None
    all: tuple[Store, ...]
    meter: Meter = field(default_factory=Meter)
    cache: DiskCache | None = None

    def metrics(self) -> Mapping[str, float]:
        """What the bucket was asked for; empty without one."""
        if len(self.all) == 1:
            return {}
        usage = self.meter.usage
        return {
            "bucket_requests_total": usage.requests,
            "bucket_retries_total": usage.retries,
            "bucket_read_bytes_total": usage.bytes_read,
            "bucket_sent_bytes_total": usage.bytes_sent,
            "bucket_wait_seconds_total": usage.wait_ns / 1e9,
            "cache_hits_total": usage.cache_hits,
            "cache_misses_total": usage.cache_misses,
            "cache_bytes": self.cache.total_bytes if self.cache is not None else 0,
        }


def open_stores(
    root: Path, settings: StorageSettings, files: Files = OPERATING_SYSTEM, connect: Connect | None = None
) -> Stores:
    """The stores of a data folder. Nothing is asked of a bucket yet. Raises OSError.

    It refuses a folder that is not wholly restored, and to go without a bucket that has parts of this folder: what the
    log has would be judged without them.
    """
    if files.exists(root / UNFINISHED):
        raise OSError(errno.EAGAIN, "a restore into it was not finished: remove it and restore again", str(root))
    disk = DiskStore(root / "parts", files)
    bucket = _resolved(settings.s3)
    indexes = root / "indexes"
    _require_same_bucket(indexes, bucket, files)
    if not bucket.bucket:
        if settings.is_hot_in_bucket:
            raise BucketError("storage.hot is s3, but storage_config.aws.bucketnames names no bucket")
        return Stores(disk, None, (disk,))
    meter = Meter()
    folder = Path(settings.cache_dir) if settings.cache_dir else root / "cache"
    cache = DiskCache(folder, settings.cache_bytes, files) if settings.cache_bytes else None
    remote = S3Store(bucket, cache, meter, connect)
    store = MirroredStore(remote, DiskStore(indexes, files), INDEX_SUFFIX, ARROW_SUFFIX, _is_index)
    hot, cold = (store, None) if settings.is_hot_in_bucket else (disk, store)
    return Stores(hot, cold, (disk, store), meter, cache)


def _resolved(bucket: S3Settings) -> S3Settings:
    try:
        return bucket.resolved()
    except ValueError as error:
        raise BucketError(f"storage_config.aws.s3: {error}") from error


def _require_same_bucket(indexes: Path, bucket: S3Settings, files: Files) -> None:
    marker = indexes / MARKER
    if not files.exists(marker):
        return
    known = files.read(marker).decode("utf-8", "replace")
    if known != bucket.identity:
        named = bucket.identity if bucket.bucket else "no bucket"
        raise BucketError(
            f"{indexes.parent} has parts in {known}, and the settings name {named}: "
            f"correct storage_config.aws; if it is the same bucket under another name, delete {marker}",
        )


def _is_index(data: bytes) -> bool:
    try:
        PartIndex.from_bytes(data, "")
    except UnsupportedFormat:
        return True
    except CorruptData:
        return False
    return True
