"""Regular expressions (RE2): replacing with and without ``$1``, counting. All on bytes, which is what RE2 reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol, cast

from logql.template.function import STRING, Costly, Function
from logql.template.limits import MAX_STEPS, check_length
from logql.template.values import to_bytes, to_text
from logql.values.regex import compile_regex

__all__ = ["REGEX_FUNCTIONS"]

_COMPILE_STEPS = 5000  # an expression can take tens of milliseconds; those of a query are compiled once
_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")


class _Match(Protocol):
    def start(self) -> int: ...

    def end(self) -> int: ...

    def group(self, group: int) -> bytes | None: ...


class _Regex(Protocol):
    groups: int
    groupindex: dict[str, int]

    def finditer(self, text: bytes) -> Iterator[_Match]: ...


def _compile(pattern: str) -> tuple[_Regex, int]:
    """The expression and its price. Raises ValueError."""
    misses = compile_regex.cache_info().misses
    regex = compile_regex(to_bytes(pattern).decode("utf-8", "replace"))
    return cast(_Regex, regex), _COMPILE_STEPS if compile_regex.cache_info().misses > misses else 0


def _matches(regex: _Regex, data: bytes) -> Iterator[_Match]:
    """Go's matches: an empty one stands neither right behind another nor inside a character.

    Raises ValueError when there are too many.
    """
    previous_end = -1
    for found, match in enumerate(regex.finditer(data)):
        if found > MAX_STEPS:
            raise ValueError(f"more than {MAX_STEPS} matches")
        start, end = match.start(), match.end()
        if end > start or (start != previous_end and not _is_inside(data, start)):
            yield match
            previous_end = end


def _is_inside(data: bytes, position: int) -> bool:
    return position < len(data) and data[position] & 0xC0 == 0x80


def count(pattern: str, text: str) -> Costly:
    """Raises ValueError for what is no regular expression."""
    regex, price = _compile(pattern)
    matches = sum(1 for _ in _matches(regex, to_bytes(text)))
    return Costly(matches, price + matches)


def replace_literal(pattern: str, text: str, replacement: str) -> Costly:
    """Raises ValueError."""
    regex, price = _compile(pattern)
    return _replaced(regex, price, to_bytes(text), [to_bytes(replacement)])


def replace(pattern: str, text: str, replacement: str) -> Costly:
    """``$1`` and ``${name}`` in ``replacement`` stand for groups. Raises ValueError."""
    regex, price = _compile(pattern)
    return _replaced(regex, price, to_bytes(text), _cut_replacement(regex, replacement))


def _cut_replacement(regex: _Regex, replacement: str) -> list[bytes | int]:
    """Literal texts and numbers of groups; what names no group is nothing."""
    pieces: list[bytes | int] = []
    end = 0
    for reference in _REFERENCE.finditer(replacement):
        pieces.append(to_bytes(replacement[end : reference.start()]))
        end = reference.end()
        pieces.append(b"$" if reference[1] else _group(regex, reference[2] or reference[3]))
    return [*pieces, to_bytes(replacement[end:])]


def _group(regex: _Regex, name: str) -> int | bytes:
    if not (name.isascii() and name.isdigit()):
        return regex.groupindex.get(name, b"")
    number = int(name[:9])
    return number if str(number) == name and number <= regex.groups else b""


def _replaced(regex: _Regex, price: int, data: bytes, pieces: list[bytes | int]) -> Costly:
    parts: list[bytes] = []
    end = length = 0
    for match in _matches(regex, data):
        price += 1 + len(pieces)
        parts.append(data[end : match.start()])
        replacement = b"".join(piece if isinstance(piece, bytes) else match.group(piece) or b"" for piece in pieces)
        length += len(replacement)
        check_length(length)
        parts.append(replacement)
        end = match.end()
    return Costly(to_text(b"".join((*parts, data[end:]))), price)


_TWO = (STRING, STRING)
REGEX_FUNCTIONS = (
    Function("count", _TWO, count),
    Function("regexReplaceAll", (*_TWO, STRING), replace),
    Function("regexReplaceAllLiteral", (*_TWO, STRING), replace_literal),
)
