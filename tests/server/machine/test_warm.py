"""Every kernel in the tree is found, wherever it lies; who compiles them does not outlive who wanted them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from server.machine.warm import import_kernels

T = TypeVar("T")
ROOT = Path(__file__).parents[3]


def test_all_modules_called_kernels_are_imported() -> None:
    import_kernels()
    files = [file for package in ("storage", "logql", "server") for file in (ROOT / package).rglob("*.py")]
    found = [file.relative_to(ROOT).with_suffix("") for file in files if "kernels" in file.with_suffix("").parts]
    names = {".".join(path.parts).removesuffix(".__init__") for path in found}
    assert "storage.kernels.kernel" in names
    assert names <= set(sys.modules)


def test_the_compiler_ends_with_the_server_that_wanted_it(tmp_path: Path) -> None:
    program = "import time; from server.machine.warm import warm_in_background; warm_in_background(); time.sleep(60)"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    server = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment)
    try:
        (compiler,) = _until(lambda: [child for child in psutil.Process(server.pid).children() if _compiles(child)])
    finally:
        server.kill()
        server.wait()
    assert _until(lambda: not compiler.is_running() or compiler.status() == psutil.STATUS_ZOMBIE)


def _compiles(process: psutil.Process) -> bool:
    # Once it runs our code: before, it cannot know whom to end with, and looks for that itself.
    return "server.machine.warm" in process.cmdline() and process.cpu_times().user > 0.2


def _until(found: Callable[[], T]) -> T:
    deadline = time.monotonic() + 20
    while not (what := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return what
