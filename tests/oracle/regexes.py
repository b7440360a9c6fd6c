"""Section 5.1: regular expressions are RE2's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

__all__ = ["compiled", "expanded"]


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    return re2.compile(pattern)


def expanded(replacement: str, match: Any) -> str:
    """``$1``, ``${1}``, ``$name``, ``${name}``, ``$$``; what there is not is empty (section 12.5)."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name = found[1] or found[2]
        groups = match.re.groupindex
        number = int(name) if name.isdigit() else groups.get(name, -1)
        return (match.group(number) or "") if 0 <= number <= match.re.groups else ""

    return re.sub(r"\$\$|\$(?:\{(\w+)\}|(\w+))", value, replacement)
