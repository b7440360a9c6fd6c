"""RE2 regular expressions with Go's error texts; compiled ones are kept, since a query tests many values with few."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, cast

import re2

__all__ = ["Regex", "compile_regex", "full_match_regex"]

# RE2 (C++) code -> Go code, and whether Go quotes the fragment or an empty one.
_GO_CODES = {
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "trailing \\": "trailing backslash at end of expression",
    "no argument for repetition operator": "missing argument to repetition operator",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid repetition size": "invalid repeat count",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid named capture group": "invalid named capture",
    "pattern too large - compile failed": "expression too large",
}
_FRAGMENT_IS_ALL = ("unexpected )", "missing )")
_QUOTED_OR_ESCAPE = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.", re.DOTALL)
_ANY_BYTE = r"\C"  # of RE2 alone
_NAMED_GROUP = re.compile(r"\(\?P?<([^>]*)>")


class Regex(Protocol):
    """What the engine uses of a compiled expression."""

    groupindex: dict[str, int]

    def search(self, text: str | bytes) -> object | None: ...

    def fullmatch(self, text: str | bytes) -> object | None: ...


@lru_cache(maxsize=1024)
def compile_regex(pattern: str) -> Regex:
    """Raises ValueError with Go's text: ``error parsing regexp: missing closing ): `(` ``."""
    options = re2.Options()
    options.log_errors = False
    try:
        regex = cast(Regex, re2.compile(pattern, options))
    except re2.error as error:
        detail = error.args[0]
        text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    else:
        text = _beyond_go(pattern, regex.groupindex)
        if not text:
            return regex
    raise ValueError(f"error parsing regexp: {_go_text(text, pattern)}")


def _beyond_go(pattern: str, names: Iterable[str]) -> str:
    """What RE2 takes and Go does not, as RE2 would say it; "" where there is nothing."""
    if _ANY_BYTE in pattern and any(each == _ANY_BYTE for each in _QUOTED_OR_ESCAPE.findall(pattern)):
        return f"invalid escape sequence: {_ANY_BYTE}"
    if all(map(str.isascii, names)):
        return ""
    groups = (group.group() for group in _NAMED_GROUP.finditer(pattern) if not group[1].isascii())
    return f"invalid named capture group: {next(groups)}"


def _go_text(text: str, pattern: str) -> str:
    code, _, fragment = text.partition(": ")
    if code in _FRAGMENT_IS_ALL:
        fragment = pattern
    return f"{_GO_CODES.get(code, code)}: `{fragment}`"


def full_match_regex(pattern: str) -> Regex:
    """The expression with ``.`` matching newline, as stream matchers have it; use its ``fullmatch``."""
    return compile_regex(f"(?s:{pattern})")
