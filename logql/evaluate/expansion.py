"""Replacement texts as Go expands them: ``$1``, ``${1}``, ``$name`` and ``$$``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

__all__ = ["Match", "expand"]

# This expression is ours and reads the replacement in one pass; the user's never comes here.
_REFERENCE = re.compile(r"\$(?:(?P<dollar>\$)|(?P<bare>\w+)|\{(?P<braced>\w+)\})")


class Match(Protocol):
    """What is used of a match: ``group(0)`` to ``group(groups)``."""

    def group(self, number: int, /) -> str | None: ...
    def groups(self) -> tuple[str | None, ...]: ...


def expand(replacement: str, match: Match, names: Mapping[str, int]) -> str:
    """A group that is not there, or took no part in the match, is empty; a ``$`` that refers to nothing stays."""
    groups = (match.group(0), *match.groups())

    def referred(reference: re.Match[str]) -> str:
        if reference["dollar"]:
            return "$"
        name = reference["bare"] or reference["braced"]
        number = _number(name, names)
        return groups[number] or "" if number < len(groups) else ""

    return _REFERENCE.sub(referred, replacement)


def _number(name: str, names: Mapping[str, int]) -> int:
    """A name of ASCII digits without a leading zero is a number; the number of an unknown group is out of reach."""
    is_number = name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) < 9
    return int(name) if is_number else names.get(name, 1 << 30)
