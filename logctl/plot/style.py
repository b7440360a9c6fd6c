"""With which characters and colours a chart is drawn."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Style"]

_COLOURS = ("32", "33", "36", "35", "34", "31", "92", "93")
_GLYPHS = "*+xo#%@&"
_RESET = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Style:
    """``unicode``: whether more than ASCII can be shown. Several series without colours need a glyph each."""

    unicode: bool
    colourful: bool

    def is_braille(self, series: int) -> bool:
        """Whether so many series are drawn with dots, eight to a character."""
        return self.unicode and (self.colourful or series == 1)

    def glyph(self, number: int) -> str:
        return _GLYPHS[number % len(_GLYPHS)]

    def painted(self, text: str, number: int) -> str:
        """In the colour of a series."""
        return f"\x1b[{_COLOURS[number % len(_COLOURS)]}m{text}{_RESET}" if self.colourful else text

    @property
    def frame(self) -> tuple[str, str, str, str]:
        """Beside a row without and with a label, the corner, and below a column without a label."""
        return ("│", "┤", "└", "─") if self.unicode else ("|", "+", "+", "-")

    @property
    def tick(self) -> str:
        """Below a column with a label."""
        return "┬" if self.unicode else "+"

    @property
    def ellipsis(self) -> str:
        return "…" if self.unicode else "..."
