"""What is wrong with the small languages inside string literals of parsers, in the words that clients know."""

from __future__ import annotations

import re

__all__ = ["expression_error", "foreign_character"]

_BLANKS = re.compile(r"[ \t\r\n]*")


def expression_error(text: str, detail: str) -> ValueError:
    return ValueError(f"cannot parse expression [{text}]: {detail}")


def foreign_character(text: str, position: int) -> ValueError:
    """For a character, the first at ``position`` that is no blank, with which no token begins."""
    blanks = _BLANKS.match(text, position)
    assert blanks is not None
    return expression_error(text, f"unexpected char {text[blanks.end()]}")
