"""Lines that the server refuses for good: kept in a file beside the spool, with the reason, for a person to look at."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Iterable

from ingest_client.entries.batch import Batch

__all__ = ["DeadLetters"]

_FILE = "deadletters.jsonl"
_CAP_BYTES = 16 << 20


class DeadLetters:
    """``directory`` None keeps nothing. The file is bounded: when it is full, lines are only counted."""

    def __init__(self, directory: Path | None) -> None:
        self._path = directory / _FILE if directory is not None else None

    def keep(self, parts: Iterable[Batch], reason: str) -> str:
        """Append the lines; returns what to add to a message about them."""
        if self._path is None:
            return ""
        data = "".join(letter + "\n" for part in parts for letter in _letters(part, reason)).encode("utf-8", "replace")
        try:
            descriptor = os.open(str(self._path), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(descriptor).st_size + len(data) > _CAP_BYTES:
                    return f"; {self._path} is full, they are not kept"
                os.write(descriptor, data)
            finally:
                os.close(descriptor)
        except OSError as error:
            return f"; they cannot be kept: {error}"
        return f"; kept in {self._path}"


def _letters(part: Batch, reason: str) -> list[str]:
    return [
        json.dumps(
            {"reason": reason, "stream": dict(labels), "ts": str(ts), "line": line, "metadata": metadata},
            ensure_ascii=False,
        )
        for labels, values in part.streams.items()
        for ts, line, metadata in values
    ]
