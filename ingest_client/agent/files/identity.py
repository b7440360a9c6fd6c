"""Who a file is: its device and inode, and a checksum of how it begins.

The inode alone is not enough, as it is used again and as ``copytruncate`` keeps it; the beginning alone is not, as logs
begin alike.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

__all__ = ["HEAD_BYTES", "Head"]

HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Head:
    """The length and checksum of a file's first bytes, at most ``HEAD_BYTES`` of them."""

    length: int
    checksum: int

    @classmethod
    def of(cls, data: bytes) -> Head:
        """The head of a file that begins with ``data``."""
        data = data[:HEAD_BYTES]
        return cls(len(data), zlib.crc32(data))

    def begins(self, data: bytes) -> bool:
        """Whether a file that begins with ``data`` may be this one, grown."""
        return len(data) >= self.length and zlib.crc32(data[: self.length]) == self.checksum
