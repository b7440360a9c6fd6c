"""Machine code for the kernels: ``python -m server.machine.warm`` compiles what the disk cache lacks, then ends.

A server starts that as a child process, so that the compiler's memory (some 200 MB) is given back, and afterwards
takes the machine code from the cache. Until then the twins answer.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time

from server.machine.memory import give_back_code
from storage.kernels import load_kernels

__all__ = ["import_kernels", "warm_in_background"]

log = logging.getLogger("skaldlog.kernels")

_PACKAGES = ("storage", "logql", "server")
_NICENESS = 5
_PR_SET_PDEATHSIG = 1  # from Linux's prctl.h


def import_kernels() -> None:
    """Import every module or package called ``kernels``, which declares the kernels in it."""
    for package_name in _PACKAGES:
        package = importlib.import_module(package_name)
        for found in pkgutil.walk_packages(package.__path__, f"{package_name}."):
            if "kernels" in found.name.split("."):
                importlib.import_module(found.name)


def warm_in_background() -> threading.Thread:
    """Compile in a child, then load here; the thread ends when all kernels are loaded."""
    thread = threading.Thread(target=_warm, name="warm", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    started = time.monotonic()
    child = subprocess.run(
        [sys.executable, "-m", "server.machine.warm", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        log.warning("compiling kernels failed, trying in this process: %s", child.stderr.strip()[-2000:])
    import_kernels()
    count = load_kernels()
    give_back_code("libllvmlite")
    log.info("%d kernels are loaded after %.1f s", count, time.monotonic() - started)


def _end_with(parent: int) -> None:
    """Let this process be killed when ``parent`` ends, however that happens: nobody waits for its work then."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return  # not Linux: it ends by itself, in half a minute
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    _end_with(int(sys.argv[1]))
    os.nice(_NICENESS)
    import_kernels()
    load_kernels()
