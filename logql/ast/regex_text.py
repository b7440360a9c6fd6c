"""How a label filter's regular expression is quoted in canonical text."""

from __future__ import annotations

import re

from storage.text import go_quote

__all__ = ["quote_regex"]

_LITERAL = r"(?:[^\\.+*?()|\[\]{}^$`]|\\[.+*?()|\[\]{}^$\\-])*"
_ALTERNATIVE = rf"(?:\.\*)?{_LITERAL}(?:\.\*)?"
_REDUCIBLE = re.compile(rf"(?:\(\?i\))?(?:\.[*+]|{_ALTERNATIVE}(?:\|{_ALTERNATIVE})*)", re.DOTALL)


def quote_regex(pattern: str) -> str:
    """In double quotes what reduces to literals (``x.*``, ``a|b``), in backticks what needs a regex (``x+y``)."""
    if "`" in pattern or "\r" in pattern or _REDUCIBLE.fullmatch(pattern):
        return go_quote(pattern)
    return f"`{pattern}`"
