"""A section of an index that is columns: a head in JSON, then planes, in one zstd frame.

The columns of all chunks of a part stand end to end; the head's ``cells`` say how many numbers each chunk has, None for
one that is not kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from storage.plane_columns import column_planes, columns_of_planes

__all__ = ["chunks_of", "end_to_end", "pack_section", "unpack_section"]

_HEAD = struct.Struct("<I")


def pack_section(head: Mapping[str, Any], columns: Iterable[NDArray[Any]], level: int) -> bytes:
    """``level`` of zstd."""
    encoded = orjson.dumps(head)
    body = b"".join([_HEAD.pack(len(encoded)), encoded, *map(column_planes, columns)])
    return zstandard.ZstdCompressor(level=level).compress(body)


def unpack_section(name: str, data: bytes, max_bytes: int) -> tuple[dict[str, Any], bytes]:
    """The head and the planes.

    Raises ValueError for what is no section, or has more than ``max_bytes``: a damaged frame must not make us allocate
    more.
    """
    try:
        body = zstandard.ZstdDecompressor().decompress(data, max_output_size=max_bytes)
        (length,) = _HEAD.unpack_from(body)
    except (zstandard.ZstdError, struct.error) as error:
        raise ValueError(f"not a section of {name}: {error}") from error
    return orjson.loads(body[_HEAD.size : _HEAD.size + length]), body[_HEAD.size + length :]


def end_to_end(columns: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """One column of those of the chunks, of which there may be none."""
    return np.concatenate([np.zeros(0, dtype), *columns])


def chunks_of(
    planes: bytes, cells: Sequence[int | None], types: Sequence[type[np.generic]], differences: int
) -> Iterator[tuple[NDArray[Any], ...] | None]:
    """The columns of each chunk; the first ``differences`` columns were kept as such. Raises ValueError."""
    sizes = [size or 0 for size in cells]
    found = columns_of_planes(planes, sum(sizes), types)
    columns = [np.cumsum(column, dtype=column.dtype) for column in found[:differences]] + found[differences:]
    bounds = pairwise(np.cumsum([0, *sizes]).tolist())
    for size, (start, end) in zip(cells, bounds, strict=True):
        yield None if size is None else tuple(column[start:end] for column in columns)
