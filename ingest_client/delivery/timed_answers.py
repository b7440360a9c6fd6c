"""Answers that have to be there as a whole in time.

The timeout of a socket begins anew with each byte: a server that sends one now and then would hold the sender for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any, Callable

__all__ = ["timed_response"]


def timed_response(timeout_s: float) -> Callable[..., http.client.HTTPResponse]:
    """What a connection makes its next answer with: reading it raises ``socket.timeout`` after so many seconds."""
    until_s = time.monotonic() + timeout_s

    def response(sock: socket.socket, *arguments: Any, **options: Any) -> http.client.HTTPResponse:
        made = http.client.HTTPResponse(sock, *arguments, **options)
        made.fp.close()
        made.fp = io.BufferedReader(_TimedReader(sock, until_s))
        return made

    return response


class _TimedReader(io.RawIOBase):
    """What comes from a socket until a moment of the monotonic clock."""

    def __init__(self, sock: socket.socket, until_s: float) -> None:
        super().__init__()
        self._socket, self._until_s = sock, until_s
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise socket.timeout("timed out")
        self._socket.settimeout(left_s)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
