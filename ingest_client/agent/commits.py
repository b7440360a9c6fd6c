"""What is on its way: every batch is a file, with the positions behind it, before any of it is sent.

A commit is the moment at which its lines are the agent's: written aside, synced, renamed. A kill before it, and the
files are read again; a kill after it, and the same lines with the same timestamps are sent again, which the server
knows as duplicates. So nothing is lost or doubled, also where the timestamp is the time of reading.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest_client.state.syncing import sync_folder

__all__ = ["Commit", "Commits", "Lines"]

# Lines of one tenant: label sets, and for each line its label set, nanoseconds, text and metadata.
Lines = dict[str, tuple[list[dict[str, str]], list[tuple[int, int, str, dict[str, str]]]]]
_SUFFIX = ".commit"
_MAGIC = b"SKC1"


@dataclass(frozen=True, slots=True)
class Commit:
    """``checkpoint`` is what to go on with after a restart; ``lines`` by tenant."""

    number: int
    checkpoint: dict[str, Any]
    lines: Lines


class Commits:
    """The folder of commits. Numbers go up; a commit is removed when it and all before it were delivered."""

    def __init__(self, folder: Path, syncs: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._syncs = folder, syncs
        self._sizes = {number: path.stat().st_size for number, path in self._paths()}
        self._delivered: set[int] = set()
        self._next = max(self._sizes, default=0) + 1
        self.damaged = 0

    @property
    def size_bytes(self) -> int:
        """What all of them take."""
        return sum(self._sizes.values())

    @property
    def numbers(self) -> list[int]:
        """Those that are there, in order."""
        return sorted(self._sizes)

    def number_from(self, least: int) -> None:
        """Numbers begin behind what was saved before."""
        self._next = max(self._next, least)

    def add(self, checkpoint: dict[str, Any], lines: Lines) -> Commit:
        """Make one durable. Raises OSError: then nothing was committed."""
        commit = Commit(self._next, checkpoint, lines)
        body = zlib.compress(_dumped([checkpoint, lines]), 1)
        path = self._path(commit.number)
        aside = path.with_suffix(".new")
        try:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body)
                file.flush()
                if self._syncs:
                    os.fsync(file.fileno())
            os.replace(aside, path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        if self._syncs:
            sync_folder(self._folder)
        self._sizes[commit.number] = len(body) + 8
        self._next += 1
        return commit

    def load(self, number: int) -> Commit | None:
        """One that is there; a damaged one is set aside, counted, and None."""
        path = self._path(number)
        try:
            data = path.read_bytes()
            body = data[8:]
            if data[:4] != _MAGIC or zlib.crc32(body) != int.from_bytes(data[4:8], "big"):
                raise ValueError("checksum")
            checkpoint, lines = json.loads(zlib.decompress(body))
        except (OSError, ValueError, zlib.error):
            self.damaged += 1
            path.rename(path.with_suffix(".damaged")) if path.exists() else None
            self._sizes.pop(number, None)
            return None
        return Commit(number, checkpoint, lines)

    def delivered(self, number: int) -> None:
        """All lines of a commit arrived, or never will."""
        self._delivered.add(number)

    def sweep(self, saved: int) -> int:
        """Remove what was delivered and whose checkpoint is saved up to ``saved``; how many went."""
        gone = 0
        for number in self.numbers:
            if number not in self._delivered or number > saved:
                break
            self._path(number).unlink(missing_ok=True)
            del self._sizes[number]
            self._delivered.discard(number)
            gone += 1
        return gone

    @property
    def removable(self) -> int:
        """How many could go if their checkpoint were saved."""
        return len(self._delivered)

    def _paths(self) -> Iterator[tuple[int, Path]]:
        for path in self._folder.glob(f"*{_SUFFIX}"):
            if path.stem.isdigit():
                yield int(path.stem), path

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:012d}{_SUFFIX}"


def _dumped(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
