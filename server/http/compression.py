"""Answers compressed for clients that ask for it: ``Accept-Encoding`` with zstd or gzip."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

import zstandard
from starlette.requests import Request
from starlette.responses import Response

from server.machine.threads import Threads

__all__ = ["chosen_encoding", "compressed"]

# Below this, headers are most of an answer; above the other, compressing takes longer than going to a thread and back.
_LEAST_BYTES = 1400
_INLINE_BYTES = 64 << 10
_GZIP_LEVEL, _ZSTD_LEVEL = 1, 1


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)


# The better one first: it is taken where a client likes several.
_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}


def chosen_encoding(accepted: str) -> str | None:
    """The best encoding that an ``Accept-Encoding`` header names and does not rule out by ``q=0``."""
    named = {}
    for item in accepted.lower().split(","):
        name, _, parameters = item.partition(";")
        weight = parameters.replace(" ", "").removeprefix("q=")
        named[name.strip()] = weight.strip("0.") != "" or not parameters
    return next((name for name in _ENCODERS if named.get(name)), None)


async def compressed(response: Response, request: Request, threads: Threads) -> Response:
    """The same answer, smaller if it is worth it. What is no plain answer, like a WebSocket, stays as it is."""
    if type(response) is not Response or not response.body:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    encoding = chosen_encoding(request.headers.get("accept-encoding", ""))
    body = bytes(response.body)
    if encoding is None or len(body) < _LEAST_BYTES:
        return response
    encode = _ENCODERS[encoding]
    response.body = encode(body) if len(body) <= _INLINE_BYTES else await threads.query(encode, body)
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.body))
    return response
