"""Schemathesis against the API's own document: whatever fits it, and whatever does not, is answered as it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.end_to_end.server_process import ServerProcess

__all__ = ["fuzz_api"]

_CHECKS = "not_a_server_error,status_code_conformance"
# Lines of any rate, so that pushes are judged and not sent away.
_LIMITS = {"ingestion_rate_mb": 1000, "ingestion_burst_size_mb": 1000}


def fuzz_api(folder: Path, examples: int, seed: int = 1) -> tuple[bool, str]:
    """Whether all was well, and what schemathesis says. A server runs in ``folder`` meanwhile."""
    server = ServerProcess(folder / "server", {"limits_config": _LIMITS})
    server.start()
    try:
        command = [str(Path(sys.executable).with_name("st")), "run", f"{server.url}/openapi.json", "--checks", _CHECKS]
        amount = ["--max-examples", str(examples), "--seed", str(seed), "--max-response-time", "10", "--no-shrink"]
        phases = ["--phases", "fuzzing" if examples < 5 else "coverage,fuzzing", "--warnings", "off"]
        # It does what its document says, and nobody would answer the rest.
        but = ["--exclude-path", "/ingester/shutdown"]
        done = subprocess.run(
            [*command, *amount, *phases, *but], cwd=folder, capture_output=True, text=True, check=False
        )
        return done.returncode == 0, done.stdout + done.stderr
    finally:
        server.kill()
