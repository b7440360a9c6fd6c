"""What an object store must do for us: the interface behind which disk and bucket look alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa

from storage.stores.pieces import Piece

__all__ = ["Store"]


class Store(Protocol):
    """Objects are immutable and appear whole or not at all. Keys are ``/``-separated and sort by name.

    Everything raises OSError; that of a store that does not answer has an errno, which tells it from an object that
    ends too early. ``kind`` is what people call it.
    """

    kind: str

    def put(self, key: str, data: bytes) -> None:
        """Publish ``data`` under ``key``, durably, in place of what was there."""

    def create(self, key: str) -> AbstractContextManager[pa.NativeFile]:
        """A sink whose content is published when the block ends without an exception, and dropped otherwise."""

    def get(self, key: str) -> bytes:
        """The whole object. Raises FileNotFoundError."""

    def open(self, key: str, pieces: Sequence[Piece] = ()) -> pa.NativeFile:
        """The object for random reads. Raises FileNotFoundError.

        ``pieces`` say how it will be read, all of it, what is always needed first. A store that is paid by the request
        then reads whole pieces, keeps them, and never answers one with a wrong checksum; the first one it reads now.
        """

    def holding(self, key: str, piece: Piece) -> AbstractContextManager[None]:
        """Within the block this thread reads ``piece`` of an open object without waiting or failing.

        Arrow tells what fails beneath it as something else; here it is told as it is.
        """

    def list(self, prefix: str = "") -> Iterable[str]:
        """Keys that begin with ``prefix``, sorted."""

    def delete(self, key: str) -> None:
        """Remove the object; none there is no error."""

    def quarantine(self, key: str) -> str:
        """Take a damaged object out of sight without destroying it; answers where it is now."""

    def room_bytes(self) -> int | None:
        """How much more can be written; None where there is no telling."""

    def remove_temporary(self) -> int:
        """Delete what interrupted writes left behind; answers how many."""
