"""What can go wrong with a bucket: which failures pass by themselves, and what to do about the others.

Not found is FileNotFoundError; all else is a ``BucketError`` that names bucket, endpoint, key, cause and remedy.
"""

from __future__ import annotations

import errno
from typing import NamedTuple

from storage.stores.s3_settings import S3Settings

__all__ = ["BucketError", "Cause", "explained"]

_NOT_FOUND = {"NoSuchKey", "404", "NotFound"}
_KEYS = "check storage_config.aws.access_key_id and secret_access_key"
_REMEDIES = {
    "NoSuchBucket": "create the bucket, or correct storage_config.aws.bucketnames",
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": _KEYS,
    "ExpiredToken": "the credentials have expired: renew them",
    "AccessDenied": "the key lacks rights: it must list, read, write and delete in this bucket",
    "403": "the key lacks rights: it must list, read, write and delete in this bucket",
    "AllAccessDisabled": "the bucket is closed: ask who owns it",
    "RequestTimeTooSkewed": "this machine's clock is wrong: set it",
    "AuthorizationHeaderMalformed": "set storage_config.aws.region to the bucket's region",
    "PermanentRedirect": "set storage_config.aws.region and endpoint to the bucket's own",
    "301": "set storage_config.aws.region and endpoint to the bucket's own",
    "MethodNotAllowed": "the endpoint does not speak S3: check storage_config.aws.endpoint",
    "EntityTooLarge": "make parts smaller",
    "QuotaExceeded": "the bucket is full: free space or raise its quota",
    "XMinioStorageFull": "the bucket's disks are full: free space",
    "NoCredentialsError": "give storage_config.aws.access_key_id and secret_access_key, or boto3's environment",
    "PartialCredentialsError": _KEYS,
    "SSLError": "check the endpoint's certificate, or set storage_config.aws.insecure for plain HTTP",
    "EndpointConnectionError": "is the bucket up? If so, check storage_config.aws.endpoint and the network",
}
_DEFAULT_REMEDY = "look at the bucket's own log"
_AWAY = "the bucket is away or overloaded: try again later"
_PASSING_CODES = {
    *("InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "Throttling", "ThrottlingException"),
    *("TooManyRequests", "RequestLimitExceeded", "OperationAborted", "BadDigest", "IncompleteBody"),
    *("XAmzContentSHA256Mismatch", "400"),  # the answer to a HEAD has no body that would say more
}
_PASSING_STATUSES = {408, 429, 500, 502, 503, 504}


class BucketError(OSError):
    """Its errno says that it is no damaged object, which Arrow reports with an OSError that has none.

    is_passing   whether waiting may help; otherwise an operator must
    """

    def __init__(self, text: str, is_passing: bool = False) -> None:
        super().__init__(errno.EIO, text)
        self.is_passing = is_passing

    def __str__(self) -> str:
        return str(self.strerror)


class Cause(NamedTuple):
    """A failure, whoever reported it.

    code             S3's name of it, or the exception's
    status           of the HTTP answer; 0 without one
    is_interrupted   whether there was no answer, or no whole one
    """

    code: str
    status: int
    text: str
    is_interrupted: bool = False

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.is_interrupted or self.code in _PASSING_CODES or self.status in _PASSING_STATUSES

    @property
    def remedy(self) -> str:
        return _REMEDIES.get(self.code, _AWAY if self.is_passing else _DEFAULT_REMEDY)


def explained(cause: Cause, operation: str, key: str, settings: S3Settings) -> OSError:
    """The exception to raise for a request that failed for good."""
    if cause.code in _NOT_FOUND:
        return FileNotFoundError(errno.ENOENT, f"no such object in {settings.place}", key)
    what = f"{operation} of {key}" if key else operation
    return BucketError(f"{settings.place}: {what} failed: {cause.code}: {cause.text}: {cause.remedy}", cause.is_passing)
