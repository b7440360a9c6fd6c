"""Pieces of remote objects on the local disk, within a size.

A file's name says whose bytes it should hold and what their checksum is, so a file that was half written, or damaged
later, is dropped and never answered. Nothing is synced: what a power cut takes is fetched again.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from pathlib import Path

import google_crc32c
import xxhash

from storage.stores.cache_order import CacheOrder
from storage.stores.files import OPERATING_SYSTEM, Files
from storage.stores.pieces import Piece

__all__ = ["DiskCache"]

logger = logging.getLogger(__name__)

_SUFFIX = ".piece"


class DiskCache:
    """Thread-safe. A disk that fails makes it a cache that keeps nothing; it raises nothing once it is made."""

    def __init__(self, root: Path, limit_bytes: int, files: Files = OPERATING_SYSTEM) -> None:
        """Raises OSError when there can be no folder ``root``."""
        self._root, self._files = root, files
        self._lock = threading.Lock()
        self._order = CacheOrder(limit_bytes)
        self._by_object: defaultdict[str, set[str]] = defaultdict(set)
        self._is_failing = False
        for folder in reversed((root, *root.parents)):
            if not files.exists(folder):
                files.make_folder(folder)
        self._adopt()

    @property
    def total_bytes(self) -> int:
        return self._order.total_bytes

    def get(self, key: str, piece: Piece) -> bytes | None:
        """The bytes of ``piece`` of the object ``key``, if they are here and whole."""
        name = _name(key, piece)
        with self._lock:
            if name not in self._order:
                return None
            self._order.use(name)
        try:
            data = self._files.read(self._root / name)
        except OSError:  # thrown away meanwhile, or a disk that fails: fetched again in either case
            self._drop([name])
            return None
        if len(data) != piece.size_bytes or google_crc32c.value(data) != piece.crc32c:
            logger.warning("dropped %s from the cache: it was damaged or half written", name)
            self._drop([name])
            return None
        return data

    def put(self, key: str, piece: Piece, data: bytes) -> None:
        """Keep ``data``, which are the right bytes, and throw away what there is no more room for."""
        name = _name(key, piece)
        with self._lock:
            if name in self._order:
                return
        if len(data) > self._order.limit_bytes or not self._write(name, data):
            return
        with self._lock:
            removed = self._order.add(name, len(data))
            self._by_object[_object(name)].add(name)
        self._drop(removed)

    def forget(self, key: str) -> None:
        """Drop all pieces of an object: it was deleted, and so must its bytes be."""
        with self._lock:
            names = list(self._by_object.get(_hash(key), ()))
        self._drop(names)

    def _write(self, name: str, data: bytes) -> bool:
        path = self._root / name
        try:
            file = self._files.create(path)
            try:
                written = file.write(0, [data])
            finally:
                file.close()
        except OSError as error:
            written = 0
            if not self._is_failing:
                logger.warning("the cache cannot be written, pieces are fetched again and again: %s", error)
        self._is_failing = written < len(data)
        if self._is_failing:
            self._unlink(name)
        return not self._is_failing

    def _drop(self, names: list[str]) -> None:
        with self._lock:
            for name in names:
                self._order.remove(name)
                self._forget_name(name)
        for name in names:
            self._unlink(name)

    def _forget_name(self, name: str) -> None:
        names = self._by_object.get(_object(name), set())
        names.discard(name)
        if not names:
            self._by_object.pop(_object(name), None)

    def _unlink(self, name: str) -> None:
        try:
            self._files.unlink(self._root / name)
        except OSError as error:
            logger.warning("%s cannot be removed from the cache: %s", name, error)

    def _adopt(self) -> None:
        """Take over what an earlier process left, whatever its order was."""
        surplus = []
        for path in self._files.walk(self._root):
            size_bytes = _size_in(path.name)
            if size_bytes is None:
                continue
            surplus += self._order.add(path.name, size_bytes)
            self._by_object[_object(path.name)].add(path.name)
        self._drop(surplus)


def _hash(key: str) -> str:
    return xxhash.xxh3_128_hexdigest(key.encode())


def _name(key: str, piece: Piece) -> str:
    return f"{_hash(key)}-{piece.start}-{piece.size_bytes}-{piece.crc32c:08x}{_SUFFIX}"


def _object(name: str) -> str:
    return name.partition("-")[0]


def _size_in(name: str) -> int | None:
    """The size that a file of this name should have; None for a name that is none of ours."""
    fields = name.removesuffix(_SUFFIX).split("-")
    is_ours = name.endswith(_SUFFIX) and len(fields) == 4 and fields[2].isdigit()
    return int(fields[2]) if is_ours else None
