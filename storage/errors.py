"""Everything storage can fail with.

StorageError
|-- StorageUnavailable     a passing fault (disk full, read-only): retry later; nothing was acknowledged
|-- CorruptData            bytes on disk are not what was written: names the file and the offset
`-- UnsupportedFormat      written by a newer version: names the file and both versions
"""

from __future__ import annotations


class StorageError(Exception):
    """Base of all errors of this package."""


class StorageUnavailable(StorageError):
    """A passing fault: the caller may retry; whatever was being written is not acknowledged."""


class CorruptData(StorageError):
    """Bytes on disk are damaged."""

    def __init__(self, path: str, offset: int, cause: str) -> None:
        super().__init__(f"{path}: damaged at byte {offset}: {cause}")
        self.path, self.offset, self.cause = path, offset, cause


class UnsupportedFormat(StorageError):
    """A file of a format version that this program does not know."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(f"{path}: format version {found}, this program reads up to {known}: upgrade skaldlog")
