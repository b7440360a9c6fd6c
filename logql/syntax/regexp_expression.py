"""The regular expression of ``| regexp``: its groups name the labels."""

from __future__ import annotations

import re

from logql.limits import MAX_CAPTURES
from logql.values.regex import compile_regex

__all__ = ["check_capture_names"]

# Escapes, quoted text and classes are passed over, so that only real groups are found.
_GROUP = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<(?P<name>[^>=!]*)>", re.DOTALL
)


def check_capture_names(pattern: str) -> None:
    """Raises ValueError where the expression is broken, has no named group or has two of one name."""
    compile_regex(pattern)
    names = [group["name"] for group in _GROUP.finditer(pattern) if group["name"]]
    if not names:
        raise ValueError("at least one named capture must be supplied")
    if len(names) > MAX_CAPTURES:
        raise ValueError(f"too many named captures: {len(names)}, limit: {MAX_CAPTURES}: name only those that you need")
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ValueError(f"duplicate extracted label name '{name}'")
