"""Literals of a template, and integers as Go's ParseInt with base 0 reads them."""

from __future__ import annotations

import re

from logql.template.nodes import Number
from logql.values import parse_float
from storage.text import go_quote

__all__ = ["MAX_INT64", "MIN_INT64", "parse_integer", "read_character", "read_number", "unquote"]

MAX_INT64 = (1 << 63) - 1
MIN_INT64 = -(1 << 63)
_MAX_UINT64 = (1 << 64) - 1
_INTEGER = re.compile(
    r"([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|(0|[1-9](?:_?[0-9])*))"
)
_BASES = (16, 2, 8, 10)
_MAX_DIGITS = 80  # nothing longer fits 64 bits, whatever the base
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))"
)
_SHORT = dict(zip("abfnrtv\\'\"", b"\a\b\f\n\r\t\v\\'\"", strict=True))


def parse_integer(text: str) -> int | None:
    """A 64-bit integer: ``-7``, ``017`` (15), ``0x1F``, ``1_000``; None for anything else."""
    value = _whole_number(text)
    return value if value is not None and MIN_INT64 <= value <= MAX_INT64 else None


def _whole_number(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    if match is None:
        return None
    digits, base = next((group, base) for group, base in zip(match.groups()[1:], _BASES, strict=True) if group)
    digits = digits.replace("_", "").lstrip("0")
    if len(digits) > _MAX_DIGITS:
        return _MAX_UINT64 + 1
    value = int(digits or "0", base)
    return -value if match[1] == "-" else value


def read_number(text: str, position: int) -> Number:
    """Raises ValueError with Go's text."""
    whole = _whole_number(text)
    if whole is not None and MIN_INT64 <= whole <= MAX_INT64:
        return Number(position, text, whole, float(whole), whole)
    if whole is not None and MAX_INT64 < whole <= _MAX_UINT64 and text[0] != "+":
        return Number(position, text, None, float(whole), None)
    try:
        return _real_number(text, position)
    except _IntegerOverflow:
        raise
    except ValueError as error:
        raise ValueError(f"illegal number syntax: {go_quote(text)}") from error


class _IntegerOverflow(ValueError):
    """Whole, but too big."""


def _real_number(text: str, position: int) -> Number:
    if text.endswith("i"):
        return Number(position, text, None, None, _imaginary(text))
    value = parse_float(text)
    if not any(char in text for char in ".eEpP"):
        raise _IntegerOverflow(f"integer overflow: {go_quote(text)}")
    is_whole = MIN_INT64 <= value < MAX_INT64 and value == int(value)
    return Number(position, text, int(value) if is_whole else None, value, value)


def _imaginary(text: str) -> complex:
    cut = max(text.rfind("+"), text.rfind("-"))
    if cut > 0 and text[cut - 1] in "eEpP":
        cut = max(text.rfind("+", 0, cut), text.rfind("-", 0, cut))
    real = parse_float(text[:cut]) if cut > 0 else 0.0
    return complex(real, parse_float(text[max(cut, 0) : -1]))


def read_character(text: str, position: int) -> Number:
    """``'x'``. Raises ValueError."""
    content = text[1:-1]
    if content[:1] == "\\":
        escape = _ESCAPE.match(content)
        assert escape is not None
        code, rest = _escape_value(escape, '"')[0], content[escape.end() :]
    else:
        code, rest = ord(content[0]) if content else -1, content[1:]
    if code < 0:
        raise ValueError("invalid syntax")
    if rest:
        raise ValueError(f"malformed character constant: {text}")
    return Number(position, text, code, float(code), code)


def unquote(quoted: str) -> str:
    """The text of a Go string literal; bytes that are no UTF-8 become lone surrogates. Raises ValueError."""
    if quoted[0] == "`":
        return quoted[1:-1].replace("\r", "")
    content = quoted[1:-1]
    if "\\" not in content:
        return content
    parts, end = bytearray(), 0
    for escape in _ESCAPE.finditer(content):
        parts += content[end : escape.start()].encode("utf-8", "surrogateescape")
        code, is_byte = _escape_value(escape, "'")
        parts += bytes([code]) if is_byte else chr(code).encode()
        end = escape.end()
    parts += content[end:].encode("utf-8", "surrogateescape")
    return parts.decode("utf-8", "surrogateescape")


def _escape_value(escape: re.Match[str], forbidden: str) -> tuple[int, bool]:
    """The code and whether it is a byte rather than a character."""
    short, octal, byte, four, eight, wrong = escape.groups()
    if wrong is not None or short == forbidden:
        raise ValueError("invalid syntax")
    if short:
        return _SHORT[short], True
    if octal or byte:
        return _byte_value(int(octal, 8) if octal else int(byte, 16)), True
    code = int(four or eight, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise ValueError("invalid syntax")
    return code, False


def _byte_value(code: int) -> int:
    if code > 255:
        raise ValueError("invalid syntax")
    return code
