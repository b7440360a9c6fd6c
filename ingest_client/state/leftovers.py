"""What lies in a state directory: whose it is, for which server, and how much of it waits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest_client.ring import recover
from ingest_client.state.folder import RING, SPOOL, StateFolder, destination_of, folders_in
from ingest_client.state.spool import Spool

__all__ = ["Leftover", "leftovers_in"]

_NO_CAP = 1 << 62


@dataclass(frozen=True)
class Leftover:
    """The folder of one process. A living process is not asked what it has: ``lines`` is None."""

    path: Path
    destination: str
    lines: int | None
    size_bytes: int


def leftovers_in(directory: Path) -> list[Leftover]:
    """All folders, the oldest first. Raises OSError."""
    found = []
    for path in folders_in(directory):
        size_bytes = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        folder = StateFolder.take_over(path)
        lines = None
        if folder is not None:
            try:
                lines = _lines_in(path)
            finally:
                folder.release()
        found.append(Leftover(path, destination_of(path), lines, size_bytes))
    return found


def _lines_in(path: Path) -> int:
    lines = sum(batch.lines for batch in recover(path / RING)) if (path / RING).exists() else 0
    if (path / SPOOL).is_dir():
        lines += Spool(path / SPOOL, _NO_CAP).pending_lines
    return lines
