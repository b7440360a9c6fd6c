"""Section 6.1: reading JSON that may be broken. Offsets are of characters; every defect has the text of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["JsonDefect", "Value", "members", "read_value", "string_end", "token", "unescaped"]

_OBJECT = "Value looks like object, but can't find closing '}' symbol"
_ARRAY = "Value is array, but can't find closing ']' symbol"
_STRING = "Value is string, but can't find closing '\"' symbol"
_MALFORMED = "Malformed JSON error"
_UNKNOWN = "Unknown value type"
_KEY_ESCAPE = "Encountered an invalid escape sequence in a string"

_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.)|$)", re.DOTALL)


class JsonDefect(Exception):
    """``end`` is where reading could go on behind the faulty value; -1 when nowhere."""

    def __init__(self, text: str, end: int = -1) -> None:
        super().__init__(text)
        self.text, self.end = text, end


@dataclass(frozen=True)
class Value:
    """``raw`` is the text between ``start`` and ``end``; of strings without the quotes, still escaped."""

    kind: str
    raw: str
    end: int


def token(text: str, position: int) -> int:
    """The first place that is not blank; -1 at the end."""
    while position < len(text):
        if text[position] not in " \t\r\n":
            return position
        position += 1
    return -1


def string_end(text: str, position: int) -> int:
    """Behind the closing quote of a string whose content begins at ``position``; -1 without one."""
    while position < len(text):
        if text[position] == '"':
            return position + 1
        position += 2 if text[position] == "\\" else 1
    return -1


def _block_end(text: str, position: int, opening: str, closing: str) -> int:
    level = 0
    while position < len(text):
        char = text[position]
        position += 1
        if char == '"':
            position = string_end(text, position)
            if position < 0:
                return -1
        level += (char == opening) - (char == closing)
        if level == 0:
            return position
    return -1


def read_value(text: str, position: int) -> Value:
    """The value at or behind ``position``. Raises JsonDefect."""
    start = token(text, position)
    if start < 0:
        raise JsonDefect(_MALFORMED)
    match text[start]:
        case '"':
            end = string_end(text, start + 1)
            if end < 0:
                raise JsonDefect(_STRING)
            return Value("string", text[start + 1 : end - 1], end)
        case "{" | "[" as opening:
            end = _block_end(text, start, opening, "}" if opening == "{" else "]")
            if end < 0:
                raise JsonDefect(_OBJECT if opening == "{" else _ARRAY)
            return Value("object" if opening == "{" else "array", text[start:end], end)
    return _word(text, start)


def _word(text: str, start: int) -> Value:
    end = start
    while end < len(text) and text[end] not in " \n\r\t,}]":
        end += 1
    raw = text[start:end]
    if raw in ("true", "false"):
        return Value("boolean", raw, end)
    if raw == "null":
        return Value("null", raw, end)
    if raw[:1] and raw[0] in "-0123456789":
        return Value("number", raw, end)
    raise JsonDefect(_UNKNOWN, end)


def members(text: str) -> Iterator[tuple[str, Value]]:
    """Keys and values of the object that ``text`` begins with, as far as it can be read. Raises JsonDefect."""
    position = token(text, 0)
    if position < 0 or text[position] != "{":
        raise JsonDefect(_OBJECT)
    position = token(text, position + 1)
    if position < 0:
        raise JsonDefect(_MALFORMED)
    while text[position] != "}":
        key, position = _key(text, position)
        value = read_value(text, position)
        yield key, value
        position = token(text, value.end)
        if position >= 0 and text[position] not in ",}":
            raise JsonDefect(_OBJECT)
        if position >= 0 and text[position] == ",":
            position = token(text, position + 1)
        elif position >= 0:
            return
        if position < 0:
            raise JsonDefect(_ARRAY)


def _key(text: str, position: int) -> tuple[str, int]:
    """The key at ``position`` and the place behind its colon."""
    if text[position] != '"':
        raise JsonDefect(_OBJECT)
    end = string_end(text, position + 1)
    if end < 0:
        raise JsonDefect(_MALFORMED)
    key = unescaped(text[position + 1 : end - 1])
    if key is None:
        raise JsonDefect(_KEY_ESCAPE)
    colon = token(text, end)
    if colon < 0 or text[colon] != ":":
        raise JsonDefect(_MALFORMED)
    return key, colon + 1


def unescaped(raw: str, extra: str = "") -> str | None:
    """The content of a string; None for a bad escape or half a surrogate pair. ``extra`` may be escaped as well."""
    parts: list[str] = []
    position = 0
    while (place := raw.find("\\", position)) >= 0:
        parts.append(raw[position:place])
        escape = _ESCAPE.match(raw, place)
        assert escape is not None
        position = escape.end()
        if escape[1] is None:
            char = escape[2] if escape[2] and escape[2] in extra else _SHORT.get(escape[2] or "")
        elif 0xD800 <= int(escape[1], 16) <= 0xDFFF:
            low = _ESCAPE.match(raw, position)
            char = _paired(int(escape[1], 16), int(low[1], 16) if low and low[1] else 0)
            position = low.end() if low else position
        else:
            char = chr(int(escape[1], 16))
        if char is None:
            return None
        parts.append(char)
    return "".join(parts) + raw[position:]


def _paired(high: int, low: int) -> str | None:
    if high >= 0xDC00 or not 0xDC00 <= low <= 0xDFFF:
        return None
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
