"""Where the chunks of an Arrow file lie, and the checksums that Arrow itself does not keep.

The frame is all that is no chunk: schema, dictionaries and footer. Reading a chunk needs the frame and the chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import google_crc32c
import pyarrow as pa

__all__ = ["Layout", "LayoutRecorder", "Region", "crc_of_frame", "layout_of"]

_FIRST_MESSAGE = 8  # behind the magic


@dataclass(frozen=True, slots=True)
class Region:
    """The bytes of one chunk."""

    offset: int
    stored_bytes: int
    crc32c: int


@dataclass(frozen=True, slots=True)
class Layout:
    chunks: tuple[Region, ...]
    frame_crc32c: int
    arrow_bytes: int


class LayoutRecorder:
    """What an Arrow writer writes into, on its way to ``sink``: it learns the layout without reading the file again.

    A file as ``pa.PythonFile`` wants it.
    """

    def __init__(self, sink: pa.NativeFile) -> None:
        self._sink = sink
        self._pieces: list[bytes] = []
        self._regions: list[Region] = []
        self._offset = self._frame_crc32c = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._sink.write(data)
        self._pieces.append(data)
        return len(data)

    def flush(self) -> None:
        """What was written is on its way already."""

    def tell(self) -> int:
        return self._offset + sum(map(len, self._pieces))

    def close(self) -> None:
        self.closed = True

    def end_of_chunk(self) -> None:
        """A record batch was written. Schema and dictionaries stand before the first one."""
        data = self._take()
        (chunk,) = _regions(data, _FIRST_MESSAGE if self._offset == 0 else 0)
        self._frame(data[: chunk.offset])
        self._regions.append(Region(self._offset, chunk.stored_bytes, chunk.crc32c))
        self._offset += chunk.stored_bytes

    def layout(self) -> Layout:
        """All of it, when the Arrow writer is closed."""
        self._frame(self._take())
        return Layout(tuple(self._regions), self._frame_crc32c, self._offset)

    def _frame(self, data: bytes) -> None:
        self._frame_crc32c = crc_of_frame(data, before_crc32c=self._frame_crc32c)
        self._offset += len(data)

    def _take(self) -> bytes:
        data, self._pieces = b"".join(self._pieces), []
        return data


def layout_of(data: bytes) -> Layout:
    """The layout of a whole Arrow file. Raises pa.ArrowException or OSError for what is none."""
    chunks = tuple(_regions(data, _FIRST_MESSAGE))
    if not chunks:
        raise pa.ArrowInvalid("the file has no chunk")
    last = chunks[-1]
    before = crc_of_frame(data[: chunks[0].offset])
    return Layout(chunks, crc_of_frame(data[last.offset + last.stored_bytes :], before), len(data))


def crc_of_frame(data: bytes, before_crc32c: int = 0) -> int:
    """The checksum over the bytes before the first chunk and after the last: of one of them, behind the others."""
    return int(google_crc32c.extend(before_crc32c, data))


def _regions(data: bytes, offset: int) -> Iterator[Region]:
    """The chunks among the messages that begin at ``offset``."""
    file = pa.BufferReader(data)
    file.seek(offset)
    messages = pa.ipc.MessageReader.open_stream(file)
    for message in messages:
        end = file.tell()
        if message.type == "record batch":
            yield Region(offset, end - offset, google_crc32c.value(data[offset:end]))
        offset = end
