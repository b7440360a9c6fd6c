"""How far a file was read, as it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingest_client.agent.files.identity import Head

__all__ = ["FilePosition"]


@dataclass(frozen=True, slots=True)
class FilePosition:
    """``path`` is the name under which the file's lines are known, whatever it is called now.

    ``is_done`` says that it was rotated away and read to its end. ``offset`` is 0 to the decompressed length.
    """

    path: str
    device: int
    inode: int
    offset: int
    head: Head
    is_done: bool = False

    @property
    def key(self) -> str:
        """The name of the position."""
        return f"{self.device}:{self.inode}"

    def to_json(self) -> list[Any]:
        """What is saved."""
        return [self.path, self.offset, self.head.length, self.head.checksum, self.is_done]

    @classmethod
    def from_json(cls, key: str, fields: list[Any]) -> FilePosition:
        """The inverse. Raises ValueError."""
        try:
            device, inode = map(int, key.split(":"))
            path, offset, length, checksum, is_done = fields
            return cls(str(path), device, inode, int(offset), Head(int(length), int(checksum)), bool(is_done))
        except TypeError as error:
            raise ValueError(str(error)) from error
