"""Bytes to lines: whole ones are decoded together, the beginning of the next is kept.

A line without an end is given out when it is longer than the bound, or when its file has ended.
"""

from __future__ import annotations

__all__ = ["LineSplitter"]

MAX_LINE_BYTES = 1 << 20


class LineSplitter:
    """``consumed`` counts the bytes of the lines that were given out."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        self._newline = "\n".encode(encoding.removesuffix("_bom") if "16" not in encoding else _width(encoding))
        self._codec = encoding if "16" not in encoding else _width(encoding)
        self._rest = b""
        self.consumed = 0

    @property
    def pending_bytes(self) -> int:
        """Bytes that were taken and not given out."""
        return len(self._rest)

    def split(self, data: bytes) -> list[str]:
        """The lines that end in ``data``."""
        if self._rest:
            data = self._rest + data
        end = self._end_of_lines(data)
        if end == 0:
            self._rest = data
            return self.finish() if len(data) > MAX_LINE_BYTES else []
        self._rest = data[end:]
        self.consumed += end
        lines = self._decoded(data[: end - len(self._newline)]).split("\n")
        return [line[:-1] if line[-1:] == "\r" else line for line in lines] if b"\r" in data else lines

    def finish(self) -> list[str]:
        """What has no end and will have none."""
        rest, self._rest = self._rest, b""
        self.consumed += len(rest)
        return [self._decoded(rest).rstrip("\r")] if rest else []

    def _end_of_lines(self, data: bytes) -> int:
        width = len(self._newline)
        place = data.rfind(self._newline)
        while place > 0 and place % width:
            # Of two-byte characters, halves of neighbours can look like a newline.
            place = data.rfind(self._newline, 0, place + width - 1)
        return place + width if place >= 0 else 0

    def _decoded(self, data: bytes) -> str:
        return data.decode(self._codec, "replace").lstrip("\ufeff")


def _width(encoding: str) -> str:
    """UTF-16 without a mark is read as most programs write it."""
    return "utf-16-be" if encoding.endswith("be") else "utf-16-le"
