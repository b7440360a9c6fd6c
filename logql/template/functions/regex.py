"""Regular expressions (RE2): replacing with and without ``$1``, counting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol, cast

from logql.template.function import STRING, Function
from logql.template.limits import check_length
from logql.values.regex import compile_regex

__all__ = ["REGEX_FUNCTIONS"]

_WEIGHT = 4  # of a character: a match can be found at each of them
_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")


class _Match(Protocol):
    def start(self) -> int: ...

    def end(self) -> int: ...

    def group(self, group: int | str) -> str | None: ...


class _Finder(Protocol):
    groups: int
    groupindex: dict[str, int]

    def finditer(self, text: str) -> Iterator[_Match]: ...


def _matches(finder: _Finder, text: str) -> Iterator[_Match]:
    """Go's matches: an empty one does not follow another at once."""
    end = -1
    for match in finder.finditer(text):
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def _clean(text: str) -> str:
    """RE2 wants UTF-8: bytes that are none become replacement characters."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _finder(pattern: str) -> _Finder:
    return cast(_Finder, compile_regex(_clean(pattern)))


def count(pattern: str, text: str) -> int:
    """Raises ValueError for what is no regular expression."""
    return sum(1 for _ in _matches(_finder(pattern), _clean(text)))


def replace_literal(pattern: str, text: str, replacement: str) -> str:
    """Raises ValueError."""
    return _replaced(_finder(pattern), _clean(text), [replacement])


def replace(pattern: str, text: str, replacement: str) -> str:
    """``$1`` and ``${name}`` in ``replacement`` stand for groups. Raises ValueError."""
    finder = _finder(pattern)
    return _replaced(finder, _clean(text), _cut_replacement(finder, replacement))


def _cut_replacement(finder: _Finder, replacement: str) -> list[str | int]:
    """Literal texts and numbers of groups; what names no group is nothing."""
    pieces: list[str | int] = []
    end = 0
    for reference in _REFERENCE.finditer(replacement):
        pieces.append(replacement[end : reference.start()])
        end = reference.end()
        pieces.append("$" if reference[1] else _group(finder, reference[2] or reference[3]))
    return [*pieces, replacement[end:]]


def _group(finder: _Finder, name: str) -> int | str:
    if not (name.isascii() and name.isdigit()):
        return finder.groupindex.get(name, "")
    number = int(name[:9])
    return number if str(number) == name and number <= finder.groups else ""


def _replaced(finder: _Finder, text: str, pieces: list[str | int]) -> str:
    parts: list[str] = []
    end = length = 0
    for match in _matches(finder, text):
        parts.append(text[end : match.start()])
        replacement = "".join(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
        length += len(replacement)
        check_length(length)
        parts.append(replacement)
        end = match.end()
    return "".join((*parts, text[end:]))


_TWO = (STRING, STRING)
REGEX_FUNCTIONS = (
    Function("count", _TWO, count, weight=_WEIGHT),
    Function("regexReplaceAll", (*_TWO, STRING), replace, weight=_WEIGHT),
    Function("regexReplaceAllLiteral", (*_TWO, STRING), replace_literal, weight=_WEIGHT),
)
