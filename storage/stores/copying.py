"""Copying one object from store to store, checksummed on the way."""

from __future__ import annotations

import google_crc32c

from storage.stores.store import Store

__all__ = ["copy"]

_STEP_BYTES = 4 << 20


def copy(source: Store, source_key: str, target: Store, target_key: str) -> tuple[int, int]:
    """Size and crc32c of what was copied; it is durable on return. Raises OSError."""
    size_bytes = crc32c = 0
    with source.open(source_key) as file, target.create(target_key) as sink:
        while data := file.read(_STEP_BYTES):
            sink.write(data)
            crc32c = google_crc32c.extend(crc32c, data)
            size_bytes += len(data)
    return size_bytes, crc32c
