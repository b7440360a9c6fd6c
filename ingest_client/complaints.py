"""What the client says about itself: one line on stderr per kind of trouble, never through ``logging``."""

from __future__ import annotations

import contextlib
import sys

__all__ = ["Complaints"]


class Complaints:
    """Writes a complaint once until its kind is settled; a closed stderr is no error."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def complain(self, kind: str, text: str) -> None:
        """Say ``text`` unless this kind was already complained about."""
        if kind in self._open:
            return
        self._open.add(kind)
        self.say(text)

    def say(self, text: str) -> None:
        """Write one line; the place to override for a program that has its own way of telling."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(f"ingest_client: {text}\n")
            sys.stderr.flush()

    def settle(self, kind: str) -> None:
        """The trouble is over: the next one of this kind is news again."""
        self._open.discard(kind)
