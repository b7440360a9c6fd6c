"""An object of a bucket as a file for random reads, which fetches pieces instead of what is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from storage.stores.pieces import Piece, Span

__all__ = ["Load", "PieceFile", "SpanFile"]

Load = Callable[[Piece], bytes]


class _Positioned:
    """The part of a file's manners that both kinds share; subclasses give ``size_bytes`` and ``read_at``."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._position = 0
        self.closed = False

    def read_at(self, start: int, stop: int) -> bytes:
        raise NotImplementedError

    def read(self, size: int = -1) -> bytes:
        stop = self.size_bytes if size < 0 else min(self._position + size, self.size_bytes)
        data = self.read_at(self._position, stop) if stop > self._position else b""
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = offset + (0, self._position, self.size_bytes)[whence]
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


class PieceFile(_Positioned):
    """A file that is known to consist of ``pieces``. The first one is fetched at once and kept."""

    def __init__(self, pieces: Sequence[Piece], load: Load) -> None:
        super().__init__(max(span.stop for piece in pieces for span in piece.spans))
        placed = sorted((span, piece, offset) for piece in pieces for span, offset in _offsets(piece))
        self._starts = [span.start for span, _, _ in placed]
        self._placed = placed
        self._load = load
        self._first, self._first_bytes = pieces[0], load(pieces[0])

    def read_at(self, start: int, stop: int) -> bytes:
        found = []
        while start < stop:
            data = self._read_in_span(start, stop)
            found.append(data)
            start += len(data)
        return found[0] if len(found) == 1 else b"".join(found)

    def _read_in_span(self, start: int, stop: int) -> bytes:
        span, piece, offset = self._placed[max(bisect_right(self._starts, start) - 1, 0)]
        if not span.start <= start < span.stop:
            raise OSError(f"byte {start} belongs to no piece")
        data = self._first_bytes if piece is self._first else self._load(piece)
        begin = offset + start - span.start
        return data[begin : begin + min(stop, span.stop) - start]


class SpanFile(_Positioned):
    """A file of which nothing is known but its size: each read is a request."""

    def __init__(self, size_bytes: int, fetch: Callable[[Span], bytes]) -> None:
        super().__init__(size_bytes)
        self._fetch = fetch

    def read_at(self, start: int, stop: int) -> bytes:
        return self._fetch(Span(start, stop))


def _offsets(piece: Piece) -> list[tuple[Span, int]]:
    """Each span that has bytes, and where they begin in the piece's."""
    placed, offset = [], 0
    for span in piece.spans:
        if span.stop > span.start:
            placed.append((span, offset))
        offset += span.stop - span.start
    return placed
