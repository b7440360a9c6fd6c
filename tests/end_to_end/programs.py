"""Runs programs that use somebody else's client against the server, and tells which of these clients are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

__all__ = ["PROGRAMS", "needs_node", "run", "run_node", "run_python"]

PROGRAMS = Path(__file__).with_name("clients")
NODE_MODULES = Path(__file__).with_name("npm") / "node_modules"


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_python(program: str, *arguments: str) -> None:
    """A program of ``clients/`` that has to succeed."""
    _succeed(run(sys.executable, PROGRAMS / f"{program}.py", *arguments))


def run_node(program: str, *arguments: str) -> None:
    """As ``run_python``, with Node."""
    _succeed(run("node", PROGRAMS / f"{program}.js", *arguments))


def _succeed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr


def needs_node(package: str) -> pytest.MarkDecorator:
    """Leaves a test out where Node or the package is missing."""
    is_there = shutil.which("node") is not None and (NODE_MODULES / package).is_dir()
    return pytest.mark.skipif(not is_there, reason=f"node or {package} of tests/end_to_end/npm is not installed")
