"""Copying one object from store to store, checksummed on the way."""

from __future__ import annotations

import google_crc32c
import pyarrow as pa

from storage.stores import Store

__all__ = ["checksum", "copy"]

_STEP_BYTES = 4 << 20


def copy(source: Store, source_key: str, target: Store, target_key: str) -> tuple[int, int]:
    """Size and crc32c of what was copied; it is durable on return. Raises OSError."""
    with source.open(source_key) as file, target.create(target_key) as sink:
        return _pump(file, sink)


def checksum(store: Store, key: str) -> tuple[int, int]:
    """Size and crc32c of an object. Raises OSError."""
    with store.open(key) as file:
        return _pump(file, None)


def _pump(file: pa.NativeFile, sink: pa.NativeFile | None) -> tuple[int, int]:
    size_bytes = crc32c = 0
    while data := file.read(_STEP_BYTES):
        if sink is not None:
            sink.write(data)
        crc32c = google_crc32c.extend(crc32c, data)
        size_bytes += len(data)
    return size_bytes, crc32c
