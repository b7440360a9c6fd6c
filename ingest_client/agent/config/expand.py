"""Environment variables in the text of a configuration, for ``-config.expand-env``.

``${NAME}``, ``${NAME:default}`` and ``${NAME:-default}``; ``$${NAME}`` stays as ``${NAME}``. Groups of regexes, ``$1``
and ``${1}``, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["expand_environment", "unexpanded"]

_REFERENCE = re.compile(r"(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-?([^}]*))?\}")


def expand_environment(text: str, environment: Mapping[str, str]) -> str:
    """Put the variables' values in; a variable that is not set and has no default is empty."""

    def value(found: re.Match[str]) -> str:
        escaped, name, default = found.groups()
        return found.group()[1:] if escaped else environment.get(name) or default or ""

    return _REFERENCE.sub(value, text)


def unexpanded(text: str) -> str | None:
    """The first reference that ``text`` still holds."""
    found = _REFERENCE.search(text)
    return found.group() if found else None
