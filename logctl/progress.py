"""A bar on the terminal for work that takes a while; nothing on a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from logctl.terminal import is_terminal

__all__ = ["progress_bar"]

_WIDTH = 40
_EVERY_S = 0.1


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function of done and total; the bar is wiped away when the block ends."""
    if not is_terminal(sys.stderr):
        yield lambda done, total: None
        return
    drawn_s = 0.0

    def draw(done: int, total: int) -> None:
        nonlocal drawn_s
        now_s = time.monotonic()
        if now_s - drawn_s < _EVERY_S and done < total:
            return
        drawn_s = now_s
        share = done / total if total else 1.0
        filled = "#" * round(share * _WIDTH)
        print(f"\r{what} [{filled:<{_WIDTH}}] {share:4.0%}", end="", file=sys.stderr, flush=True)

    try:
        yield draw
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
