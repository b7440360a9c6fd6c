"""``limits_config``: how long lines may be, and how many a second are read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from ingest_client.agent.config.model import LineLimits

__all__ = ["LimitedLines"]


class LimitedLines:
    """``dropped`` counts the lines that went, by reason. Where lines of a rate wait instead, the caller sleeps here."""

    def __init__(
        self,
        limits: LineLimits,
        dropped: Counter[str],
        monotonic_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits, self._monotonic_s, self._sleep = limits, monotonic_s, sleep
        self._tokens, self._at_s = float(limits.burst), monotonic_s()
        self._dropped = dropped

    def apply(self, lines: list[str]) -> list[str]:
        """The lines that go on, cut where they are too long."""
        if self._limits.max_line_bytes:
            lines = self._short(lines)
        return self._rated(lines) if self._limits.lines_per_s else lines

    def _short(self, lines: list[str]) -> list[str]:
        bound = self._limits.max_line_bytes
        if all(len(line) * 4 <= bound for line in lines):  # fast path: no character has more than four bytes
            return lines
        if self._limits.truncates:
            return [line.encode("utf-8", "replace")[:bound].decode("utf-8", "ignore") for line in lines]
        kept = [line for line in lines if len(line.encode("utf-8", "replace")) <= bound]
        self._dropped["line_too_long"] += len(lines) - len(kept)
        return kept

    def _rated(self, lines: list[str]) -> list[str]:
        limits = self._limits
        now_s = self._monotonic_s()
        self._tokens = min(limits.burst, self._tokens + (now_s - self._at_s) * limits.lines_per_s)
        self._at_s = now_s
        if not limits.drops:
            missing = len(lines) - self._tokens
            if missing > 0:
                self._sleep(missing / limits.lines_per_s)
            self._tokens -= len(lines)
            return lines
        allowed = min(len(lines), int(self._tokens))
        self._tokens -= allowed
        self._dropped["rate_limited"] += len(lines) - allowed
        return lines[:allowed]
