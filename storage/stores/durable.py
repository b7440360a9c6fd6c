"""The one way a file appears on disk: written aside, synced, renamed, its folder synced.

After ``publish`` returns the file survives a power cut under its final name; before, only the ``.tmp`` name exists.
A failed write keeps no half file under the final name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "TEMPORARY_SUFFIX",
    "make_folder",
    "published_file",
    "remove_temporary",
    "sync_file",
    "sync_folder",
    "unused_path",
]

TEMPORARY_SUFFIX = ".tmp"
_MAX_COPIES = 1000  # of one damaged file; beyond it the first copy is overwritten


@contextmanager
def published_file(path: Path) -> Iterator[Path]:
    """Gives the temporary path to write; on a clean exit the file is durable under ``path``."""
    make_folder(path.parent)
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        yield temporary
        sync_file(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def unused_path(path: Path) -> Path:
    """``path``, or with a number added where that exists: what is kept for an investigator is not overwritten."""
    candidates = (path, *(path.with_name(f"{path.name}.{number}") for number in range(1, _MAX_COPIES)))
    return next((candidate for candidate in candidates if not candidate.exists()), path)


def remove_temporary(root: Path) -> int:
    """Delete what interrupted writes left below ``root``; answers how many files."""
    leftovers = [path for path in root.rglob("*" + TEMPORARY_SUFFIX) if path.is_file()]
    for path in leftovers:
        path.unlink()
    return len(leftovers)


def make_folder(path: Path) -> None:
    """Create ``path`` and its parents durably; a folder is an entry of its parent, so each parent is synced."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make the names in ``path`` durable."""
    sync_file(path)
