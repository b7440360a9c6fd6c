"""Fork and exit: every living client is flushed before the process ends and starts anew in a forked child."""

from __future__ import annotations

import atexit
import os
import sys
from typing import Protocol

__all__ = ["unwatch", "watch"]


class _Watched(Protocol):
    def close(self) -> None: ...

    def restart_in_child(self) -> None: ...


_living: set[_Watched] = set()


def watch(client: _Watched) -> None:
    """Have ``client`` closed at exit and restarted in forked children, until it is closed."""
    _living.add(client)
    _arm_multiprocessing()


def unwatch(client: _Watched) -> None:
    """``client`` was closed by its owner."""
    _living.discard(client)


def _close_all() -> None:
    for client in list(_living):
        client.close()


def _restart_all() -> None:
    for client in list(_living):
        client.restart_in_child()
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        # The child clears the finalizers it inherited, then runs what is registered here.
        util.register_after_fork(_close_all, lambda _: _arm_multiprocessing())


def _arm_multiprocessing() -> None:
    # Children of multiprocessing leave through os._exit after running its finalizers: atexit never runs in them.
    process = sys.modules.get("multiprocessing.process")
    if process is not None and process.parent_process() is not None:
        sys.modules["multiprocessing.util"].Finalize(None, _close_all, exitpriority=0)


atexit.register(_close_all)
os.register_at_fork(after_in_child=_restart_all)
