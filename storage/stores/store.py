"""What an object store must do for us: the interface behind which disk and bucket look alike."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

__all__ = ["Store"]


class Store(Protocol):
    """Objects are immutable and appear whole or not at all. Keys are ``/``-separated and sort by name."""

    def put(self, key: str, data: bytes) -> None:
        """Publish ``data`` under ``key``, durably, in place of what was there."""

    def create(self, key: str) -> AbstractContextManager[pa.NativeFile]:
        """A sink whose content is published when the block ends without an exception, and dropped otherwise."""

    def get(self, key: str) -> bytes:
        """The whole object. Raises FileNotFoundError."""

    def open(self, key: str) -> pa.NativeFile:
        """The object for random reads. Raises FileNotFoundError."""

    def list(self, prefix: str = "") -> Iterable[str]:
        """Keys that begin with ``prefix``, sorted."""

    def delete(self, key: str) -> None:
        """Remove the object; none there is no error."""

    def quarantine(self, key: str) -> str:
        """Take a damaged object out of sight without destroying it; answers where it is now."""
