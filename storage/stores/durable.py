"""The one way a file appears on disk: written aside, synced, renamed, its folder synced.

After ``publish`` returns the file survives a power cut under its final name; before, only the ``.tmp`` name exists.
A failed write keeps no half file under the final name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["TEMPORARY_SUFFIX", "make_folder", "published_file", "sync_folder"]

TEMPORARY_SUFFIX = ".tmp"


@contextmanager
def published_file(path: Path) -> Iterator[Path]:
    """Gives the temporary path to write; on a clean exit the file is durable under ``path``."""
    make_folder(path.parent)
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        yield temporary
        sync_file(temporary)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    os.replace(temporary, path)
    sync_folder(path.parent)


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
