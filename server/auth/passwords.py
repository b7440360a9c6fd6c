"""Checking passwords at a bounded cost: each costs 0.2 s and 16 MiB, so few at once, and what is known is remembered.

Only digests made with a key of this process are remembered, for minutes, and under the hash that is stored: a password
that is changed is forgotten with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from server.auth.password import DUMMY_HASH, is_password_of
from server.http.errors import TooManyPasswords

__all__ = ["PasswordChecker"]

_CHECKS_AT_ONCE = 2
_WAITING_MAX = 32
_REMEMBERED_MAX = 1024
_RIGHT_FOR_S, _WRONG_FOR_S = 300.0, 10.0


class PasswordChecker:
    """For one event loop. ``check`` raises TooManyPasswords when too many wait already."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._pool = ThreadPoolExecutor(_CHECKS_AT_ONCE, "password")
        self._remembered: dict[bytes, tuple[bool, float]] = {}  # the oldest first
        self._running: dict[bytes, asyncio.Future[bool]] = {}

    async def is_right(self, username: str, password: str, stored: str | None) -> bool:
        """Whether it is the password of ``stored``; never for None, which takes as long."""
        digest = self._digest(username, password, stored or DUMMY_HASH)
        known = self._recall(digest)
        if known is not None:
            return known
        running = self._running.get(digest)
        if running is None:
            if len(self._running) >= _WAITING_MAX:
                raise TooManyPasswords
            running = asyncio.ensure_future(self._check(digest, password, stored))
            self._running[digest] = running
        # Others may wait for the same check: one that leaves must not end it.
        return await asyncio.shield(running)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _check(self, digest: bytes, password: str, stored: str | None) -> bool:
        try:
            loop = asyncio.get_running_loop()
            is_equal = await loop.run_in_executor(self._pool, is_password_of, password, stored or DUMMY_HASH)
            is_right = is_equal and stored is not None
            self._remember(digest, is_right)
            return is_right
        finally:
            del self._running[digest]

    def _digest(self, *parts: str) -> bytes:
        text = "\0".join((str(len(parts[0])), *parts))
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()

    def _recall(self, digest: bytes) -> bool | None:
        is_right, until_s = self._remembered.get(digest, (False, 0.0))
        return is_right if self._clock() < until_s else None

    def _remember(self, digest: bytes, is_right: bool) -> None:
        self._remembered.pop(digest, None)
        while len(self._remembered) >= _REMEMBERED_MAX:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[digest] = (is_right, self._clock() + (_RIGHT_FOR_S if is_right else _WRONG_FOR_S))
