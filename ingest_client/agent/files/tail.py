"""One file, read from where it was left to where it ends, again and again.

Sees when the file was cut and written anew under the same name. That the path names another file now is seen by its
watcher; the tail goes on with the file it has.
"""

from __future__ import annotations

import os

from ingest_client.agent.files.identity import HEAD_BYTES, Head
from ingest_client.agent.files.lines import LineSplitter
from ingest_client.agent.files.position import FilePosition
from ingest_client.agent.files.reading import PlainReader, Reader, open_reader

__all__ = ["Tail"]


class Tail:
    """``path`` is where it is opened, ``name`` what its lines are known by. Raises OSError when it cannot be opened."""

    def __init__(
        self, path: str, name: str, offset: int = 0, encoding: str = "utf-8", kind: str = "", head: Head | None = None
    ) -> None:
        self.path, self.name = path, name
        self._encoding, self._kind = encoding, kind
        self._reader: Reader = open_reader(path, kind)
        status = self._reader.status() if isinstance(self._reader, PlainReader) else os.stat(path)
        self.device, self.inode = status.st_dev, status.st_ino
        self._start = offset
        self._splitter = LineSplitter(encoding)
        # What is known of a file that is gone on with: it may be cut at this very moment.
        self._head = head if head is not None else self._read_head()
        self.rotated_at_s: float | None = None
        self._written_ns = status.st_mtime_ns
        self.is_at_end = False
        self._version = (-1, -1)
        self.read_bytes = 0

    @property
    def key(self) -> str:
        """Device and inode: what the file is, whatever its name."""
        return f"{self.device}:{self.inode}"

    @property
    def source(self) -> str:
        """The name of this file's lines in the state of stages: another one for each generation."""
        return f"{self.name}#{self.inode}"

    @property
    def offset(self) -> int:
        """Where the first line starts that was not given out."""
        return self._start + self._splitter.consumed

    @property
    def lag_bytes(self) -> int:
        """What is written and not yet read."""
        size = self._reader.size()
        return max(0, size - self.offset) if size is not None else 0

    @property
    def turn(self) -> tuple[bool, int]:
        """Tails of one name are read in this order: rotated ones as they were written, the one that grows last."""
        return self.rotated_at_s is None, self._written_ns if self.rotated_at_s is not None else 0

    def rotated(self, now_s: float) -> float:
        """It was rotated away, ``now_s`` by the clock of its watcher, or earlier: when it was seen first."""
        if self.rotated_at_s is None:
            self.rotated_at_s = now_s
            if isinstance(self._reader, PlainReader):
                self._written_ns = self._reader.status().st_mtime_ns
        return self.rotated_at_s

    def position(self, is_done: bool = False) -> FilePosition:
        """Where to go on after a restart."""
        return FilePosition(self.name, self.device, self.inode, self.offset, self._head, is_done)

    def read(self, max_bytes: int) -> list[str]:
        """The next whole lines of at most ``max_bytes``; ``is_at_end`` tells why there are none. Raises OSError.

        ``was_cut`` is to be asked before, or lines of a file that was cut and has grown again are missed.
        """
        data = self._reader.read(self.offset + self._splitter.pending_bytes, max_bytes)
        self.is_at_end = not data
        if not data:
            return []
        self.read_bytes += len(data)
        self.learn_head()
        return self._splitter.split(data)

    def was_cut(self) -> bool:
        """Whether the file is shorter than what was read of it, or begins otherwise. Raises OSError."""
        if not isinstance(self._reader, PlainReader):
            return False
        status = self._reader.status()
        version = status.st_size, status.st_mtime_ns
        if version == self._version:
            return False
        self._version = version
        if status.st_size < self.offset + self._splitter.pending_bytes:
            return True
        return not self._head.begins(self._reader.read(0, self._head.length))

    def learn_head(self) -> bool:
        """Look at the beginning of a file that was too short to know it; whether it is known better now."""
        known = self._head
        if known.length < HEAD_BYTES:
            self._head = self._read_head()
        return self._head != known

    def restart(self) -> None:
        """Read the file from its beginning: it was cut and is another one now."""
        self._start = 0
        self._splitter = LineSplitter(self._encoding)
        self._head = self._read_head()

    def finish(self) -> list[str]:
        """The last line, if it has no end."""
        return self._splitter.finish()

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()

    def _read_head(self) -> Head:
        if self._kind:
            reader = open_reader(self.path, self._kind)
            try:
                return Head.of(reader.read(0, HEAD_BYTES))
            finally:
                reader.close()
        return Head.of(self._reader.read(0, HEAD_BYTES))
