"""How long to wait before the next try: exponential with full jitter, one state per destination."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

__all__ = ["Backoff", "parse_retry_after"]

# Beyond this power of two every sensible cap is reached; it keeps the float finite.
_MAX_DOUBLINGS = 30


class Backoff:
    """Delays for consecutive failures; the first success resets it.

    ``random_unit`` returns a float in [0, 1).
    """

    def __init__(self, base_s: float, cap_s: float, random_unit: Callable[[], float] = random.random) -> None:
        self._base_s, self._cap_s = base_s, cap_s
        self._random_unit = random_unit
        self._failures = 0

    def next_delay_s(self, at_least_s: float = 0.0) -> float:
        """Count one failure; ``at_least_s`` is what the server asked for and is never undercut."""
        ceiling_s: float = min(self._cap_s, self._base_s * 2.0 ** min(self._failures, _MAX_DOUBLINGS))
        self._failures += 1
        return max(at_least_s, self._random_unit() * ceiling_s)

    def reset(self) -> None:
        """Forget all failures."""
        self._failures = 0


def parse_retry_after(value: str | None, now_s: Callable[[], float] = time.time) -> float:
    """Seconds to wait from a Retry-After header (a number of seconds or an HTTP date); 0 if absent or unreadable."""
    if not value:
        return 0.0
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now_s())
    except (ValueError, TypeError, OverflowError):
        return 0.0
