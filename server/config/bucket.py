"""The settings of a bucket: names and places are Loki's, ``storage.*`` are Skaldlog's own."""

from __future__ import annotations

from typing import Any

from server.config.kinds import BOOL, DURATION, SECRET, SIZE, TEXT, Kind, choice, whole
from server.config.setting import Setting

__all__ = ["BUCKET", "BUCKET_ALIAS", "BUCKET_SECTION"]

BUCKET_SECTION = "storage_config.aws"
BUCKET_ALIAS = "common.storage.s3"  # Loki's other place for the same settings

_MIN_UPLOAD_PART_BYTES = 5 << 20
_DISK, _S3 = "disk", "s3"
_PLACE = choice(_DISK, _S3)
_IN_BUCKET = Kind(_PLACE.name, lambda raw: _PLACE.read(raw) == _S3, lambda is_in_bucket: _S3 if is_in_bucket else _DISK)


def _read_upload_part(raw: Any) -> int:
    size_bytes = int(SIZE.read(raw))
    if size_bytes < _MIN_UPLOAD_PART_BYTES:
        raise ValueError(f"{raw!r} is less than the 5MB that S3 wants")
    return size_bytes


_UPLOAD_PART = Kind(SIZE.name, _read_upload_part, SIZE.show)


def _aws(name: str, kind: Kind, target: str, text: str) -> Setting:
    return Setting(f"{BUCKET_SECTION}.{name}", kind, f"storage.s3.{target}", text)


BUCKET = (
    _aws(
        "s3",
        SECRET,
        "url",
        "The bucket in one text: `s3://KEY:SECRET@REGION/BUCKET`, or `s3://KEY:SECRET@HOST:PORT/BUCKET`. It beats the "
        "settings below.",
    ),
    _aws("endpoint", TEXT, "endpoint", "Host and port, or a URL, of MinIO, SeaweedFS or another; empty means AWS."),
    _aws("bucketnames", TEXT, "bucket", "The bucket, which must exist. Empty means that there is none."),
    _aws("region", TEXT, "region", "Its region."),
    _aws(
        "access_key_id",
        TEXT,
        "access_key_id",
        "Empty takes what boto3 finds: its environment, its files, the machine's role.",
    ),
    _aws("secret_access_key", SECRET, "secret_access_key", "Never shown."),
    _aws("session_token", SECRET, "session_token", "Of temporary credentials. Never shown."),
    _aws("s3forcepathstyle", BOOL, "is_path_style", "The bucket is a folder of the endpoint, not a host of its own."),
    _aws("insecure", BOOL, "is_insecure", "Plain HTTP where the endpoint does not say which."),
    _aws(
        "http_config.response_header_timeout",
        DURATION,
        "read_timeout_s",
        "A request whose answer pauses longer is given up and repeated.",
    ),
    _aws("backoff_config.min_period", DURATION, "backoff_min_s", "The first wait before a repetition is shorter ..."),
    _aws("backoff_config.max_period", DURATION, "backoff_max_s", "... and the last one than this."),
    _aws("backoff_config.max_retries", whole(1), "attempts", "Attempts of one request, the first included."),
    Setting(
        "storage.hot",
        _IN_BUCKET,
        "storage.is_hot_in_bucket",
        "Where heads are flushed to. The write-ahead log and all indexes are on the disk in either case.",
    ),
    Setting(
        "storage.bucket_connect_timeout",
        DURATION,
        "storage.s3.connect_timeout_s",
        "A connection to the bucket that takes longer is given up and tried again.",
    ),
    Setting(
        "storage.bucket_timeout",
        DURATION,
        "storage.s3.operation_s",
        "A request that failed is not repeated when so much time has passed since its first attempt.",
    ),
    Setting(
        "storage.bucket_upload_part_size",
        _UPLOAD_PART,
        "storage.s3.upload_part_bytes",
        "Larger objects are sent in parts of this size, at least 5MB.",
    ),
    Setting("storage.bucket_prefix", TEXT, "storage.s3.prefix", "All keys in the bucket begin with it."),
    Setting(
        "storage.cache_size",
        SIZE,
        "storage.cache_bytes",
        "Data from the bucket that is kept on the local disk; 0 keeps none.",
    ),
    Setting("storage.cache_folder", TEXT, "storage.cache_dir", "Where; empty means `cache` in the data folder."),
)
