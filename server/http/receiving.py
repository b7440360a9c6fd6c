"""The memory that bodies of requests take together, from their first byte until the request is answered.

Each body has a limit of its own, but a thousand clients that each send nine tenths of it and wait would fill the
machine. The first bytes of each are free, so that they do not keep small pushes of others out.
"""

from __future__ import annotations

from starlette.types import Scope

from server.http.errors import TooMuchAtOnce

__all__ = ["Receiving", "account_body"]

_KEY = "skaldlog.receiving"
_FREE_BYTES = 256 << 10


class Receiving:
    """``limit_bytes`` for all requests of a server. For one event loop."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self.held_bytes = 0

    def enter(self, scope: Scope) -> None:
        """Whatever is accounted to this request from now on is held until it leaves."""
        scope[_KEY] = _Share(self)

    def leave(self, scope: Scope) -> None:
        self.held_bytes -= scope[_KEY].size_bytes

    def has_room_for(self, size_bytes: int) -> bool:
        return self.held_bytes + size_bytes <= self._limit_bytes


class _Share:
    """Of one request."""

    def __init__(self, receiving: Receiving) -> None:
        self.receiving, self.size_bytes, self.free_bytes = receiving, 0, _FREE_BYTES


def account_body(scope: Scope, size_bytes: int) -> None:
    """So many bytes more of the body of this request. Raises TooMuchAtOnce."""
    share: _Share | None = scope.get(_KEY)
    if share is None:
        return
    share.free_bytes -= size_bytes
    if share.free_bytes >= 0:
        return
    charged_bytes, share.free_bytes = -share.free_bytes, 0
    if not share.receiving.has_room_for(charged_bytes):
        raise TooMuchAtOnce
    share.size_bytes += charged_bytes
    share.receiving.held_bytes += charged_bytes
