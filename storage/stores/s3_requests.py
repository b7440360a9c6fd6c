"""Requests to a bucket: timed, counted, repeated with full jitter while the failure may pass, and explained when not.

Names follow from contents, so an upload whose answer was lost can be repeated. boto3 is imported when a bucket is
configured, and only then.
"""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from storage.stores.meter import Meter, count_usage
from storage.stores.pieces import Span
from storage.stores.s3_errors import BucketError, Cause, explained
from storage.stores.s3_settings import S3Settings

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.client import BaseClient

__all__ = ["Connect", "S3Requests"]

logger = logging.getLogger(__name__)

T = TypeVar("T")
Connect = Callable[[S3Settings], Any]

_CONNECTIONS = 32
_BODY_STEP_BYTES = 1 << 18
_DEFAULT_REGION = "us-east-1"


class _ShortBody(Exception):
    """An answer ended before it should have."""


class S3Requests:
    """Thread-safe. Everything raises FileNotFoundError or BucketError."""

    def __init__(
        self,
        settings: S3Settings,
        meter: Meter,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
        connect: Connect | None = None,
    ) -> None:
        """``connect`` makes what has the methods of boto3's client; None for boto3."""
        self.settings, self.meter = settings, meter
        self._sleep, self._jitter = sleep, jitter
        self._client = (connect or _client)(settings)

    def call(self, operation: str, key: str = "", **parameters: Any) -> dict[str, Any]:
        """One call of boto3's client; ``key`` is for the ``Key`` parameter and for messages."""
        if key:
            parameters["Key"] = key
        method = getattr(self._client, operation)
        sent_bytes = len(parameters.get("Body", b""))

        def attempt() -> dict[str, Any]:
            count_usage(self.meter, bytes_sent=sent_bytes)
            return method(Bucket=self.settings.bucket, **parameters)  # type: ignore[no-any-return]

        return self._repeated(operation, key, attempt)

    def fetch(self, key: str, span: Span | None = None) -> bytes:
        """The bytes of an object, or of a part of it. Raises OSError without errno when it ends too early."""
        ranged = {"Range": f"bytes={span.start}-{span.stop - 1}"} if span else {}

        def attempt() -> bytes:
            answer = self._client.get_object(Bucket=self.settings.bucket, Key=key, **ranged)
            data = self._body(answer)
            if span and len(data) != span.stop - span.start:
                self._judge_short(answer, key, span)
            return data

        data = self._repeated("get_object", key, attempt)
        count_usage(self.meter, bytes_read=len(data))
        return data

    def _body(self, answer: dict[str, Any]) -> bytes:
        """Read in steps, because each read has its own timeout and a body that trickles would have none."""
        body, deadline = answer["Body"], time.monotonic() + self.settings.operation_s
        steps = []
        try:
            while step := body.read(_BODY_STEP_BYTES):
                steps.append(step)
                if time.monotonic() > deadline:
                    raise _ShortBody(f"the answer was not complete after {self.settings.operation_s:g} s")
        finally:
            body.close()
        data = b"".join(steps)
        if len(data) != answer["ContentLength"]:
            raise _ShortBody(f"{len(data)} of {answer['ContentLength']} bytes came")
        return data

    def _judge_short(self, answer: dict[str, Any], key: str, span: Span) -> None:
        """A complete answer with other bytes than asked for: the object ends there, or somebody between us is wrong."""
        size = answer.get("ContentRange", "").rpartition("/")[2]
        if size.isdigit() and int(size) < span.stop:
            raise _ends_early(key, int(size), span)
        raise _ShortBody(f"{answer['ContentLength']} bytes came for {span.stop - span.start}")

    def _repeated(self, operation: str, key: str, attempt: Callable[[], T]) -> T:
        with self.meter.operation(operation):
            return self._until_done(operation, key, attempt)

    def _until_done(self, operation: str, key: str, attempt: Callable[[], T]) -> T:
        settings, started_s = self.settings, time.monotonic()
        failures = 0
        while True:
            try:
                return self._timed(attempt, failures)
            except Exception as error:
                cause = _cause_of(error)
                if cause is None:
                    raise
                failures += 1
                waited_s = time.monotonic() - started_s
                if not cause.is_passing or failures >= settings.attempts or waited_s > settings.operation_s:
                    raise _raised(cause, operation, key, settings) from error
                logger.info("%s of %s: %s: %s: trying again", operation, key, cause.code, cause.text)
            longest_s = min(settings.backoff_max_s, settings.backoff_min_s * 2**failures)
            self._sleep(self._jitter(0.0, longest_s))

    def _timed(self, attempt: Callable[[], T], failures: int) -> T:
        began_ns = time.perf_counter_ns()
        try:
            return attempt()
        finally:
            waited_ns = time.perf_counter_ns() - began_ns
            count_usage(self.meter, requests=1, retries=int(failures > 0), wait_ns=waited_ns)


def _ends_early(key: str, size: int, span: Span) -> OSError:
    return OSError(f"{key} has {size} bytes where {span.stop} are wanted")


def _raised(cause: Cause, operation: str, key: str, settings: S3Settings) -> OSError:
    if cause.code == "InvalidRange":
        return OSError(f"{key} is shorter than it should be: {cause.text}")
    return explained(cause, operation, key, settings)


def _cause_of(error: Exception) -> Cause | None:
    """None for what no request can cause."""
    from botocore import exceptions as botocore
    from botocore.parsers import ResponseParserError

    if isinstance(error, botocore.ClientError):
        answer = error.response
        about = answer.get("Error", {})
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Cause(str(about.get("Code", status)), status, str(about.get("Message", "")) or str(error))
    if isinstance(error, botocore.SSLError):
        return Cause("SSLError", 0, str(error))
    interruptions = botocore.ConnectionError, botocore.HTTPClientError, botocore.IncompleteReadError
    if isinstance(error, (*interruptions, ResponseParserError, _ShortBody, ConnectionError, TimeoutError)):
        return Cause(type(error).__name__, 0, str(error), is_interrupted=True)
    return Cause(type(error).__name__, 0, str(error)) if isinstance(error, botocore.BotoCoreError) else None


def _client(settings: S3Settings) -> BaseClient:
    try:
        from botocore.config import Config
    except ImportError as error:
        raise BucketError("a bucket needs boto3: pip install 'skaldlog[s3]'") from error
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if settings.is_path_style else "auto"},
        retries={"total_max_attempts": 1},  # ours are counted, and know what may be repeated
        connect_timeout=settings.connect_timeout_s,
        read_timeout=settings.read_timeout_s,
        max_pool_connections=_CONNECTIONS,
        # Checksums that only newer servers know; ours are Content-MD5 when sending and the index's when reading.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return _session().client(
            "s3",
            config=config,
            endpoint_url=settings.endpoint_url,
            region_name=settings.region or (_DEFAULT_REGION if settings.endpoint else None),
            aws_access_key_id=settings.access_key_id or None,
            aws_secret_access_key=settings.secret_access_key or None,
            aws_session_token=settings.session_token or None,
        )
    except Exception as error:  # boto3 has no one exception for settings that it cannot use
        raise BucketError(f"{settings.place} cannot be used: {error}: check storage_config.aws") from error


@functools.cache
def _session() -> Session:
    """One a process: it reads S3's description, which takes longer than most requests."""
    import boto3

    return boto3.session.Session()
