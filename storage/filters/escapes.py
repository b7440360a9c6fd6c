r"""Which characters of a parsed value stand in the line as they are.

JSON and logfmt let a writer spell any character as ``\u0061``. Writers do so for a few, which are no help to a filter
then. A chunk where another ASCII character is spelled so is marked, and values are not looked for in its filter.
"""

from __future__ import annotations

import re

__all__ = ["hides_text", "plain_pieces"]

_OFTEN_ESCAPED = r""""&'+/<=>\\"""  # and blanks, for logfmt reads U+FFFD as one
_ESCAPE = re.compile(rb"\\u00([0-9A-Fa-f]{2})")
_PLAIN = re.compile(rf"[^{_OFTEN_ESCAPED}\x00-\x20\x7f-\U0010ffff]+")


def hides_text(line: bytes) -> bool:
    """Whether an escape in ``line`` stands for one of the characters that ``plain_pieces`` counts on."""
    return any(_PLAIN.match(chr(int(found[1], 16))) for found in _ESCAPE.finditer(line))


def plain_pieces(value: str) -> list[str]:
    """The parts of a value that any line (or metadata) with it holds verbatim, unless it ``hides_text``."""
    return _PLAIN.findall(value)
