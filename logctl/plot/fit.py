"""Foreign text on few columns."""

from __future__ import annotations

import unicodedata

from logctl.plot.style import Style

__all__ = ["fitted", "text_columns"]


def text_columns(text: str) -> int:
    """Columns of a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fitted(text: str, width: int, style: Style) -> str:
    """``text`` cut to ``width`` columns, in ASCII where the style has nothing else."""
    if not style.unicode:
        text = text.encode("ascii", "backslashreplace").decode("ascii")
    if text_columns(text) <= width:
        return text
    ellipsis = style.ellipsis if text_columns(style.ellipsis) <= width else ""
    while text and text_columns(text) + text_columns(ellipsis) > width:
        text = text[:-1]
    return text + ellipsis
