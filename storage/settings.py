"""What an operator can set about storage, with the reason for each default."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.stores import S3Settings

__all__ = ["StorageSettings"]


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Sizes in bytes of lines and metadata, ages in seconds.

    head_bytes         a tenant's head becomes a part at this size: four chunks, small enough for an edge box
    head_age_s         ... or at this age, so that the WAL of a quiet tenant does not live for ever
    max_unflushed_bytes  over all tenants; beyond it pushes are refused with a retryable error (P4)
    wal_segment_bytes  a new WAL file begins at this size
    wal_bytes          the oldest heads are flushed when the WAL is larger
    chunk_bytes        lines of one chunk: below 1 MB skip filters and zstd lose, above 8 MB a small read costs much
    compression_level  of zstd, 0 for LZ4: half the CPU time of zstd 1 for half as much disk again, which a merge that
                       compresses anew gives back
    retry_s            between attempts at a flush, or at a bucket that a start needs
    merges             whether small parts are merged in the background
    merge_fan_in       ... when they are so many times as large together as the largest of them
    merge_quiet_s      ... or when their day is over and had no new part for so long
    merge_max_bytes    lines of a merged part; what is larger is not merged again
    merge_cpu_share    of one core: the rest of the time merging pauses, for pushes and queries
    merge_compression_level  zstd of merged parts, written seldom and read often
    dense_share        what columns of JSON and logfmt keys may take in a merged part, of the stored bytes of its lines
    keep_interval_s    how often retention, deletes and moves are looked after
    cold_after_s       parts move to the bucket when their last row is so old; 0 leaves them where they are
    is_hot_in_bucket   heads are flushed to the bucket instead of the disk
    cache_dir          pieces of parts in the bucket; empty means ``cache`` in the data folder
    cache_bytes        ... at most so many; 0 keeps none on the disk
    s3                 the bucket; one without a name is none
    """

    head_bytes: int = 16 << 20
    head_age_s: float = 600.0
    max_unflushed_bytes: int = 256 << 20
    wal_segment_bytes: int = 32 << 20
    wal_bytes: int = 512 << 20
    chunk_bytes: int = 4 << 20
    compression_level: int = 0
    retry_s: float = 5.0
    merges: bool = True
    merge_fan_in: int = 6
    merge_quiet_s: float = 3600.0
    merge_max_bytes: int = 512 << 20
    merge_cpu_share: float = 0.5
    merge_compression_level: int = 11
    dense_share: float = 0.05
    keep_interval_s: float = 60.0
    cold_after_s: int = 0
    is_hot_in_bucket: bool = False
    cache_dir: str = ""
    cache_bytes: int = 4 << 30
    s3: S3Settings = field(default_factory=S3Settings)
