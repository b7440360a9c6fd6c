"""Patterns of paths: ``*``, ``?``, ``[..]``, ``{a,b}``, and ``**`` for any number of folders."""

from __future__ import annotations

import glob
import os
import re

__all__ = ["matches", "paths_of"]

_BRACES = re.compile(r"\{([^{}]*)\}")


def paths_of(pattern: str, exclude: str = "") -> list[str]:
    """The files that match and are not excluded, sorted, each once."""
    found = {
        path
        for each in _alternatives(pattern)
        for path in glob.iglob(each, recursive=True, include_hidden=True)
        if os.path.isfile(path) or not os.path.exists(path)
    }
    return sorted(path for path in found if not (exclude and matches(path, exclude)) and os.path.isfile(path))


def matches(path: str, pattern: str) -> bool:
    """Whether a path is of the pattern."""
    return any(re.fullmatch(_regex(each), path) for each in _alternatives(pattern))


def _alternatives(pattern: str) -> list[str]:
    found = _BRACES.search(pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return [text for part in found[1].split(",") for text in _alternatives(before + part + after)]


def _regex(pattern: str) -> str:
    out, place = "", 0
    while place < len(pattern):
        if pattern.startswith("**/", place):
            out, place = out + "(?:[^/]+/)*", place + 3
        elif pattern.startswith("**", place):
            out, place = out + ".*", place + 2
        elif pattern[place] == "*":
            out, place = out + "[^/]*", place + 1
        elif pattern[place] == "?":
            out, place = out + "[^/]", place + 1
        elif pattern[place] == "[" and (end := pattern.find("]", place + 2)) > 0:
            inside = pattern[place + 1 : end].replace("\\", "\\\\")
            out, place = out + f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]", end + 1
        else:
            out, place = out + re.escape(pattern[place]), place + 1
    return out
