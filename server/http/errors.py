"""Errors as HTTP answers: the status lives on the exception, one function renders them all.

HttpError                  base: ``status``, text, and headers that belong to it
|-- BadRequest             400
|-- Forbidden              403
|-- NotFound               404
|-- Unauthorized           401, ``no org id``; always ends with a newline
|-- NotAuthenticated       401 with WWW-Authenticate: no credentials, or wrong ones
|-- ContentTooLarge        413
|-- TooManyRequests        429 with Retry-After: the tenant's queue of queries is full
|-- TooManyPasswords       429 with Retry-After: so many are being checked that another one must wait
|-- ClientGone             499: nobody reads the answer, the metrics do
|-- TooMuchAtOnce          503 with Retry-After: bodies of all requests together
`-- NotReady               503 with Retry-After

``logql.errors.QueryError`` and ``server.push.errors.PushError`` carry their own status,
``storage.errors.StorageUnavailable`` and a bucket that does not answer are a 503 with Retry-After, anything else is a
500, logged with its traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from starlette.responses import Response

from logql.errors import QueryError
from server.push.errors import PushError
from storage.errors import StorageUnavailable
from storage.stores import BucketError

__all__ = [
    "BadRequest",
    "ClientGone",
    "ContentTooLarge",
    "Forbidden",
    "HttpError",
    "NotAuthenticated",
    "NotFound",
    "NotReady",
    "TooManyPasswords",
    "TooManyRequests",
    "TooMuchAtOnce",
    "Unauthorized",
    "error_text",
    "is_internal",
    "plain_text",
    "render_error",
    "render_status",
]

log = logging.getLogger("skaldlog.http")

_NO_HEADERS: Mapping[str, str] = {}
_RETRY: Mapping[str, str] = {"Retry-After": "1"}
_CHALLENGE: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="skaldlog", Basic realm="skaldlog"'}


class HttpError(Exception):
    """``str()`` is the body; ``ends_line`` forces the newline that push errors end with."""

    status = 500
    headers = _NO_HEADERS
    ends_line = False


class BadRequest(HttpError):
    status = 400


class Forbidden(HttpError):
    status = 403


class NotFound(HttpError):
    status = 404


class Unauthorized(HttpError):
    status = 401
    ends_line = True

    def __init__(self) -> None:
        super().__init__("no org id")


class NotAuthenticated(HttpError):
    status = 401
    headers = _CHALLENGE


class ContentTooLarge(HttpError):
    status = 413


class TooManyRequests(HttpError):
    status = 429
    headers = _RETRY

    def __init__(self) -> None:
        super().__init__("too many outstanding requests")


class TooManyPasswords(HttpError):
    status = 429
    headers = _RETRY

    def __init__(self) -> None:
        super().__init__("too many passwords are being checked")


class ClientGone(HttpError):
    status = 499

    def __init__(self) -> None:
        super().__init__("the request was cancelled by the client")


class TooMuchAtOnce(HttpError):
    status = 503
    headers = _RETRY

    def __init__(self) -> None:
        super().__init__("the bodies of all requests take too much memory together: send it again, or less at once")


class NotReady(HttpError):
    status = 503
    headers = _RETRY
    ends_line = True


def plain_text(text: str, status: int = 200, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
    """``text`` as it is."""
    return Response(text.encode("utf-8", "replace"), status, headers, "text/plain; charset=utf-8")


def render_error(error: Exception, ends_line: bool) -> Response:
    """The answer for any exception; ``ends_line`` says whether the route's errors end with a newline."""
    status, text, headers = _parts(error)
    if ends_line or getattr(error, "ends_line", False):
        text += "\n"
    return plain_text(text, status, {"X-Content-Type-Options": "nosniff", **headers})


def error_text(error: Exception) -> str:
    """What ``render_error`` would tell, for where an answer is no longer possible."""
    return _parts(error)[1]


def render_status(error: Exception) -> Response:
    """The answer for any exception as OTLP exporters read it: a google.rpc.Status in protobuf.

    Ours is the fault of a 500: as a 503 it is repeated.
    """
    status, text, headers = _parts(error)
    body = _message_field(text.encode("utf-8", "replace"))
    return Response(body, 503 if status == 500 else status, headers, "application/octet-stream")


def _message_field(text: bytes) -> bytes:
    """Field 2 of a google.rpc.Status."""
    size, rest = bytearray(), len(text)
    while rest > 127:
        size.append(rest & 127 | 128)
        rest >>= 7
    return b"\x12" + bytes([*size, rest]) + text


def is_internal(error: Exception) -> bool:
    """Whether nobody but the server is to blame."""
    return not isinstance(error, HttpError | QueryError | PushError | StorageUnavailable | BucketError)


def _parts(error: Exception) -> tuple[int, str, Mapping[str, str]]:
    if isinstance(error, HttpError):
        return error.status, str(error), error.headers
    if isinstance(error, QueryError | PushError):
        return error.status, str(error), _NO_HEADERS
    if isinstance(error, StorageUnavailable | BucketError):
        log.warning("storage is unavailable: %s", error)
        return 503, str(error), _RETRY
    log.error("internal error", exc_info=error)
    return 500, f"internal error: {type(error).__name__}: see the server's log", _NO_HEADERS
