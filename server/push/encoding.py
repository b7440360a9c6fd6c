"""How a body is wrapped: content encoding, and the sizes allowed before and after inflating.

Inflating stops one byte above the limit, so a small body can never fill the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import pyarrow as pa
import zstandard

from server.limits import PushLimits
from server.push.errors import PushError

__all__ = ["check_decompressed_size", "check_received_size", "decompressed", "unwrap"]

_ENCODINGS = ("", "snappy", "gzip", "deflate", "zstd")
_GZIP, _RAW_DEFLATE = 31, -15
_ZSTD_WINDOW_BYTES_MAX = 32 << 20
_PIECE_BYTES = 1 << 20
_GZIP_MEMBERS_MAX = 256


def unwrap(body: bytes, content_encoding: str, limits: PushLimits) -> bytes:
    """The body of a push without its content encoding.

    PushError 413 when the body is too large as sent, 400 when it is too large inflated, damaged or of an unknown
    encoding.
    """
    check_received_size(len(body), limits)
    if content_encoding not in _ENCODINGS:
        raise PushError(400, f'Content-Encoding "{content_encoding}" not supported')
    return decompressed(body, content_encoding, limits)


def check_received_size(size_bytes: int, limits: PushLimits) -> None:
    """PushError 413 above ``max_recv_msg_size``."""
    if size_bytes > limits.max_recv_msg_size:
        sizes = f"({size_bytes} vs {limits.max_recv_msg_size})"
        raise PushError(413, f"request body too large: message size too large than max {sizes}")


def decompressed(body: bytes, content_encoding: str, limits: PushLimits) -> bytes:
    """The body without an encoding that is known. PushError 400 when it is damaged or too large inflated."""
    inflate = _INFLATERS.get(content_encoding)
    return inflate(body, limits) if inflate else body


def check_decompressed_size(size_bytes: int, limits: PushLimits) -> None:
    """PushError 400 above ``max_decompressed_size``."""
    if size_bytes > limits.max_decompressed_size:
        sizes = f"({size_bytes} vs {limits.max_decompressed_size})"
        raise PushError(400, f"decompressed message size too large than max {sizes}")


def _gunzip(body: bytes, limits: PushLimits) -> bytes:
    """Every member of a gzip file, one after the other."""
    plain: list[bytes] = []
    size_bytes, members = 0, 0
    rest = memoryview(body)
    while rest:
        members += 1
        if members > _GZIP_MEMBERS_MAX:
            raise PushError(400, f"gzip: more than {_GZIP_MEMBERS_MAX} members: compress the body at once")
        inflater = zlib.decompressobj(_GZIP)
        while rest and not inflater.eof:
            # Piece by piece, because what a member leaves over is copied.
            piece, rest = rest[:_PIECE_BYTES], rest[_PIECE_BYTES:]
            try:
                plain.append(inflater.decompress(piece, limits.max_decompressed_size - size_bytes + 1))
            except zlib.error as error:
                raise PushError(400, "gzip: invalid header" if members == 1 else f"gzip: {error}") from error
            size_bytes += len(plain[-1])
            check_decompressed_size(size_bytes, limits)
        if not inflater.eof:
            raise PushError(400, "unexpected EOF")
        rest = memoryview(body)[len(body) - len(rest) - len(inflater.unused_data) :]
    return b"".join(plain)


def _inflate(body: bytes, limits: PushLimits) -> bytes:
    inflater = zlib.decompressobj(_RAW_DEFLATE)
    try:
        plain = inflater.decompress(body, limits.max_decompressed_size + 1)
    except zlib.error as error:
        raise PushError(400, "EOF") from error
    check_decompressed_size(len(plain), limits)
    if not inflater.eof:
        raise PushError(400, "unexpected EOF")
    return plain


def _unzstd(body: bytes, limits: PushLimits) -> bytes:
    """Every frame, one after the other."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES_MAX)
    reader = decompressor.stream_reader(body, read_across_frames=True)
    try:
        return _read_within(reader.read, limits)
    except zstandard.ZstdError as error:
        raise PushError(400, f"zstd: {error}") from error


def _unlz4(body: bytes, limits: PushLimits) -> bytes:
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), "lz4") as stream:
            return _read_within(stream.read, limits)
    except OSError as error:
        raise PushError(400, f"lz4: {error}") from error


def _read_within(read: Callable[[int], bytes], limits: PushLimits) -> bytes:
    """All of a stream, in pieces: one read of the whole limit would allocate it."""
    plain, size_bytes = [], 0
    while piece := read(_PIECE_BYTES):
        plain.append(piece)
        size_bytes += len(piece)
        check_decompressed_size(size_bytes, limits)
    return b"".join(plain)


_INFLATERS: Mapping[str, Callable[[bytes, PushLimits], bytes]] = {
    "gzip": _gunzip,
    "deflate": _inflate,
    "zstd": _unzstd,
    "lz4": _unlz4,
}
