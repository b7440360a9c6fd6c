"""Where the chunks of an Arrow file lie, and the checksums that Arrow itself does not keep.

The frame is all that is no chunk: schema, dictionaries and footer. Reading a chunk needs the frame and the chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import google_crc32c
import pyarrow as pa

__all__ = ["Layout", "Region", "crc_of_frame", "layout_of"]

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


def layout_of(data: bytes) -> Layout:
    """The layout of a whole Arrow file. Raises pa.ArrowException or OSError for what is none."""
    chunks = tuple(_regions(data))
    if not chunks:
        raise pa.ArrowInvalid("the file has no chunk")
    last = chunks[-1]
    frame = crc_of_frame(data[: chunks[0].offset], data[last.offset + last.stored_bytes :])
    return Layout(chunks, frame, len(data))


def crc_of_frame(before: bytes, after: bytes) -> int:
    """The checksum over the bytes before the first chunk and after the last."""
    return int(google_crc32c.extend(google_crc32c.value(before), after))


def _regions(data: bytes) -> Iterator[Region]:
    file = pa.BufferReader(data)
    file.seek(_FIRST_MESSAGE)
    messages = pa.ipc.MessageReader.open_stream(file)
    offset = _FIRST_MESSAGE
    for message in messages:
        end = file.tell()
        if message.type == "record batch":
            yield Region(offset, end - offset, google_crc32c.value(data[offset:end]))
        offset = end
