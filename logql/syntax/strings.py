"""String literals: Go's escapes between double quotes, none between backticks."""

from __future__ import annotations

import re

__all__ = ["read_quoted", "read_raw"]

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_NUMERIC = re.compile(r"[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}")
_PLAIN = {quote: re.compile(rf"[^\\\n{quote}]*") for quote in "\"'"}
_MAX_CODE_POINT = 0x10FFFF


def read_quoted(text: str, start: int) -> tuple[str, int]:
    """The value of the literal at ``start`` and its end. Raises ValueError with the lexer's text."""
    quote = text[start]
    pieces: list[bytes] = []
    position = start + 1
    while True:
        plain = _PLAIN[quote].match(text, position)
        assert plain is not None
        pieces.append(plain.group().encode("utf-8", "surrogatepass"))
        position = plain.end()
        if position >= len(text) or text[position] == "\n":
            raise ValueError("literal not terminated")
        if text[position] == quote:
            return _decoded(b"".join(pieces)), position + 1
        piece, position = _escape(text, position + 1, quote)
        pieces.append(piece)


def _escape(text: str, position: int, quote: str) -> tuple[bytes, int]:
    char = text[position : position + 1]
    if char in _SIMPLE:
        return _SIMPLE[char].encode(), position + 1
    if char == quote:
        return quote.encode(), position + 1
    numeric = _NUMERIC.match(text, position)
    if numeric is None:
        raise ValueError("invalid char escape")
    digits = numeric.group()
    if digits[0] in "uU":
        return _code_point(int(digits[1:], 16)), numeric.end()
    byte = int(digits[1:], 16) if digits[0] == "x" else int(digits, 8)
    if byte > 0xFF:
        raise ValueError("invalid char escape")
    return bytes([byte]), numeric.end()


def _code_point(code: int) -> bytes:
    if code > _MAX_CODE_POINT:
        raise ValueError("invalid char escape")
    return chr(code).encode("utf-8", "surrogatepass")


def read_raw(text: str, start: int) -> tuple[str, int]:
    """The same for a literal in backticks."""
    end = text.find("`", start + 1)
    if end < 0:
        raise ValueError("literal not terminated")
    return _decoded(text[start + 1 : end].encode("utf-8", "surrogatepass")), end + 1


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("invalid UTF-8 rune") from error
