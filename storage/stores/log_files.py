"""Numbered append-only files: what a write-ahead log needs from an operating system."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

from storage.stores.append_file import AppendFile
from storage.stores.durable import DurableTree
from storage.stores.files import OPERATING_SYSTEM, Files

__all__ = ["UNREADABLE", "AppendFile", "LogFiles"]

logger = logging.getLogger(__name__)

UNREADABLE = b"\xff"  # no log file has it over a whole piece
_PIECE_BYTES = 4096  # what a disk loses at a time
_SUFFIX = ".wal"


class LogFiles:
    """The numbered files of one folder."""

    def __init__(self, root: Path, files: Files = OPERATING_SYSTEM) -> None:
        self.root = root
        self._files = files
        self._tree = DurableTree(files, root.parent)
        self._tree.make_folder(root)

    def numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self._files.walk(self.root) if self._is_numbered(path))

    def _is_numbered(self, path: Path) -> bool:
        return path.suffix == _SUFFIX and path.stem.isdigit() and path.parent == self.root

    def path(self, number: int) -> Path:
        return self.root / f"{number:012d}{_SUFFIX}"

    def create(self, number: int, header: bytes) -> AppendFile:
        """A new file that begins with ``header``, in place of what a failed attempt may have left."""
        path = self.path(number)
        file = AppendFile(path, self._files.create(path))
        try:
            file.append([header])
            self._files.sync_folder(self.root)
        except OSError:
            file.close()
            self._files.unlink(path)
            raise
        return file

    def read(self, number: int) -> bytes:
        return self._files.read(self.path(number))

    def read_around_damage(self, number: int) -> bytes:
        """The content with ``UNREADABLE`` in place of what the disk does not give back; OSError if it gives nothing."""
        pieces: list[bytes] = []
        with self._files.open(self.path(number)) as file:
            size = file.size()
            for start in range(0, size, _PIECE_BYTES):
                wanted = min(_PIECE_BYTES, size - start)
                try:
                    pieces.append(file.read_at(wanted, start))
                except OSError as error:
                    logger.error("%s: bytes %d to %d: %s", self.path(number), start, start + wanted, error)
                    pieces.append(UNREADABLE * wanted)
        if pieces and all(piece.strip(UNREADABLE) == b"" for piece in pieces):
            raise OSError(errno.EIO, "no byte of it can be read", str(self.path(number)))
        return b"".join(pieces)

    def cut(self, number: int, size: int) -> None:
        """Durably shorten a file to ``size`` bytes."""
        file = self._files.edit(self.path(number))
        try:
            file.truncate(size)
            file.sync()
        finally:
            file.close()

    def remove(self, number: int) -> None:
        self._files.unlink(self.path(number))
        self._files.sync_folder(self.root)

    def replace(self, number: int, data: bytes) -> None:
        """Durably put ``data`` in place of a file's content; after an OSError the old content is still there."""
        with self._tree.publish(self.path(number)) as file:
            file.append([data])

    def quarantine(self, number: int) -> str:
        """Keep a copy of a damaged file for whoever investigates; answers where it is."""
        target = self.root.parent / "quarantine" / self.root.name / self.path(number).name
        target = self._tree.unused_path(target)
        with self._tree.publish(target) as file:
            file.append([self.read(number)])
        return str(target)

    def remove_temporary(self) -> None:
        """Delete what an interrupted ``replace`` left behind."""
        self._tree.remove_temporary(self.root)
