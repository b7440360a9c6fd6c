"""Two ways to read a file from an offset: as it is, and decompressed."""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import os
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ingest_client.agent.files.identity import HEAD_BYTES

__all__ = ["COMPRESSED", "CompressedReader", "PlainReader", "Reader", "head_of", "open_reader"]

COMPRESSED = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst", ".z": "z"}


class Reader(Protocol):
    """What a tail needs of a file."""

    def read(self, offset: int, size: int) -> bytes:
        """At most ``size`` bytes from ``offset``; empty at the end. Raises OSError."""

    def size(self) -> int | None:
        """How long the file is now; None where nobody knows."""

    def close(self) -> None:
        """Let go of the file."""


class PlainReader:
    """A file that grows."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def read(self, offset: int, size: int) -> bytes:
        return os.pread(self._descriptor, size, offset)

    def size(self) -> int | None:
        return os.fstat(self._descriptor).st_size

    def status(self) -> os.stat_result:
        """Device and inode of what is open, whatever the path names now."""
        return os.fstat(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class CompressedReader:
    """A file that is complete. Offsets are those of what it holds; damage ends it, with what came before."""

    def __init__(self, path: str, kind: str) -> None:
        self._file = _opened(path, kind)
        self._place = 0

    def read(self, offset: int, size: int) -> bytes:
        try:
            while self._place < offset:
                skipped = self._file.read(min(1 << 20, offset - self._place))
                if not skipped:
                    return b""
                self._place += len(skipped)
            data = self._file.read(size)
        except (EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
            raise OSError(f"compressed data is damaged: {error}") from error
        self._place += len(data)
        return data

    def size(self) -> int | None:
        return None

    def close(self) -> None:
        self._file.close()


def open_reader(path: str, kind: str = "") -> Reader:
    """The reader for a file; ``kind`` is the compression, empty for none. Raises OSError."""
    return CompressedReader(path, kind) if kind else PlainReader(path)


def head_of(path: str, kind: str = "") -> bytes:
    """The first bytes of what a file holds; empty for one that cannot be read."""
    try:
        reader = open_reader(path, kind)
    except OSError:
        return b""
    try:
        return reader.read(0, HEAD_BYTES)
    except OSError:
        return b""
    finally:
        reader.close()


def _opened(path: str, kind: str) -> BinaryIO:
    if kind == "gz":
        return cast(BinaryIO, gzip.open(path))
    if kind == "bz2":
        return cast(BinaryIO, bz2.open(path))
    if kind == "xz":
        return cast(BinaryIO, lzma.open(path))
    if kind == "z":
        return cast(BinaryIO, _Whole(zlib.decompress(Path(path).read_bytes())))
    try:
        zstandard = importlib.import_module("zstandard")
    except ImportError as error:
        raise OSError("reading .zst files needs: pip install zstandard") from error
    return cast(BinaryIO, zstandard.open(path, "rb"))


class _Whole:
    """Data in memory, read as a file."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def read(self, size: int) -> bytes:
        data = self._data[self._place : self._place + size]
        self._place += len(data)
        return data

    def close(self) -> None:
        self._data = b""
