"""Runs small programs in a child Python: for exits, forks and crashes that would take the test runner along."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run_program(source: str, *arguments: str, python_flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run ``source`` with ``arguments`` as sys.argv[1:]."""
    command = [sys.executable, *python_flags, "-c", textwrap.dedent(source), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
