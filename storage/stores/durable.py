"""The one way a file appears on disk: written aside, synced, renamed, its folder synced.

After the block of ``publish`` the file survives a power cut under its final name; before, only the ``.tmp`` name
exists. A failed write keeps no half file under the final name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.stores.append_file import AppendFile
from storage.stores.files import Files
from storage.stores.unused_name import unused_name

__all__ = ["TEMPORARY_SUFFIX", "DurableTree"]

TEMPORARY_SUFFIX = ".tmp"


class DurableTree:
    """The folders from ``top`` down, where every name that is published stays."""

    def __init__(self, files: Files, top: Path) -> None:
        self._files = files
        self._top = top
        self._durable_folders: set[Path] = set()

    @contextmanager
    def publish(self, path: Path) -> Iterator[AppendFile]:
        """Gives the file to write; on a clean exit what was appended is durable under ``path``."""
        self.make_folder(path.parent)
        temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
        try:
            file = AppendFile(temporary, self._files.create(temporary))
            try:
                yield file
                file.sync()
            finally:
                file.close()
            self._files.rename(temporary, path)
        except BaseException:
            with suppress(OSError):  # the next start removes it; the caller must learn what went wrong first
                self._files.unlink(temporary)
            raise
        self._files.sync_folder(path.parent)

    def make_folder(self, path: Path) -> None:
        """Create ``path`` and its parents durably.

        A folder is an entry of its parent. One that is there may have been made by a process that ended before it
        synced the parent, so each parent is synced once by each process.
        """
        for folder in reversed((path, *path.parents)):
            is_outside = not folder.is_relative_to(self._top)
            if folder in self._durable_folders or (is_outside and self._files.exists(folder)):
                continue
            self._files.make_folder(folder)
            self._sync_parent(folder)
            self._durable_folders.add(folder)

    def _sync_parent(self, folder: Path) -> None:
        try:
            self._files.sync_folder(folder.parent)
        except PermissionError:
            if folder != self._top:  # whose parent may be somebody else's
                raise

    def unused_path(self, path: Path) -> Path:
        """``path``, or with a number added where that exists."""
        return path.with_name(unused_name(path.name, lambda name: self._files.exists(path.with_name(name))))

    def remove_temporary(self, root: Path) -> int:
        """Delete what interrupted writes left below ``root``; answers how many files."""
        leftovers = [path for path in self._files.walk(root) if path.suffix == TEMPORARY_SUFFIX]
        for path in leftovers:
            self._files.unlink(path)
        return len(leftovers)
