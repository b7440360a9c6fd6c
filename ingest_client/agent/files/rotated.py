"""Where a file went: its rest is looked for beside it, by inode after a rename, by its beginning after a copy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ingest_client.agent.files.position import FilePosition
from ingest_client.agent.files.reading import COMPRESSED, head_of

__all__ = ["compression_of", "find_rest", "is_sibling", "modified_ns", "siblings_of", "siblings_since"]

# Below so many bytes many logs begin alike, and a beginning says little.
_MIN_HEAD_BYTES = 16
_COMPRESSION = r"(?:\.(?:gz|bz2|xz|zst|z))?"
_SUFFIX = re.compile(rf"(?:[.-](?:\d[\d.T_:-]*|old|bak))?{_COMPRESSION}", re.IGNORECASE)
_DATED = re.compile(rf"[.-]\d{{6,}}[\dT_:-]*{_COMPRESSION}", re.IGNORECASE)


def compression_of(path: str) -> str:
    """The compression that the end of a name tells of; empty for none."""
    return COMPRESSED.get(os.path.splitext(path)[1].lower(), "")


def is_sibling(path: str, base: str) -> bool:
    """Whether ``path`` is named like a rotated ``base``: ``app.log.1``, ``app.log-20260101.gz``, ``app-202601.log``."""
    if os.path.dirname(path) != os.path.dirname(base) or path == base:
        return False
    name, base_name = os.path.basename(path), os.path.basename(base)
    if name.startswith(base_name):
        return _SUFFIX.fullmatch(name, len(base_name)) is not None
    stem, extension = os.path.splitext(base_name)
    return name.startswith(stem) and _DATED.fullmatch(name.replace(extension, "", 1), len(stem)) is not None


def siblings_of(base: str) -> Iterator[str]:
    """The files beside ``base`` that may be its rotated ones, newest first."""
    folder = os.path.dirname(base) or "."
    try:
        names = os.listdir(folder)
    except OSError:
        return
    paths = [path for name in names if is_sibling(path := os.path.join(folder, name), base) and os.path.isfile(path)]
    yield from sorted(paths, key=modified_ns, reverse=True)


def siblings_since(base: str, path: str) -> list[str]:
    """The rotated files of ``base`` that are as new as ``path`` or newer, the oldest first."""
    since_ns = modified_ns(path)
    return [each for each in reversed(list(siblings_of(base))) if each != path and modified_ns(each) >= since_ns]


def find_rest(position: FilePosition) -> tuple[str, str] | None:
    """The path and the compression of the file that ``position`` was taken in; None when it is gone."""
    # A packed one may still be written, and then the plain one is there as well.
    siblings = sorted(siblings_of(position.path), key=lambda path: compression_of(path) != "")
    for path in siblings:
        if not compression_of(path) and _is_inode(path, position):
            return path, ""
    if position.head.length < _MIN_HEAD_BYTES:
        return None
    found = (path for path in siblings if position.head.begins(head_of(path, compression_of(path))))
    first = next(found, None)
    return (first, compression_of(first)) if first is not None else None


def _is_inode(path: str, position: FilePosition) -> bool:
    try:
        status = os.stat(path)
    except OSError:
        return False
    is_same = (status.st_dev, status.st_ino) == (position.device, position.inode)
    return is_same and position.head.begins(head_of(path))


def modified_ns(path: str) -> int:
    """When a file was written last; 0 for one that is gone."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
