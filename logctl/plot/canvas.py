"""A field of dots that becomes lines of characters: braille, eight dots to a character, or a glyph for each series."""

from __future__ import annotations

from itertools import groupby

from logctl.plot.style import Style

__all__ = ["Canvas"]

_BRAILLE = 0x2800
# Bits of the dots of a braille character, by row and column.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Canvas:
    """``width`` x ``height`` dots; the dot (0, 0) is at the top left. A later series hides those below it."""

    def __init__(self, columns: int, rows: int, is_braille: bool) -> None:
        self._is_braille = is_braille
        self._cell_width, self._cell_height = (2, 4) if is_braille else (1, 1)
        self.width, self.height = columns * self._cell_width, rows * self._cell_height
        self._dots = [[0] * columns for _ in range(rows)]
        self._owners = [[0] * columns for _ in range(rows)]

    def line(self, start: tuple[int, int], end: tuple[int, int], owner: int) -> None:
        """Dots from ``start`` to ``end`` (x, y), both included, without a gap."""
        (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
        steps = max(abs(across), abs(down), 1)
        for step in range(steps + 1):
            self._set(x + round(across * step / steps), y + round(down * step / steps), owner)

    def texts(self, style: Style) -> list[str]:
        """One a row, all ``columns`` wide."""
        return [self._text(row, style) for row in range(len(self._dots))]

    def _set(self, x: int, y: int, owner: int) -> None:
        row, column = y // self._cell_height, x // self._cell_width
        self._dots[row][column] |= _DOTS[y % self._cell_height][x % self._cell_width]
        self._owners[row][column] = owner

    def _text(self, row: int, style: Style) -> str:
        cells = zip(self._dots[row], self._owners[row], strict=True)
        runs = groupby(cells, key=lambda cell: cell[1] if cell[0] else None)
        return "".join(self._run(owner, [dots for dots, _ in run], style) for owner, run in runs)

    def _run(self, owner: int | None, dots: list[int], style: Style) -> str:
        if owner is None:
            return " " * len(dots)
        text = "".join(chr(_BRAILLE + each) for each in dots) if self._is_braille else style.glyph(owner) * len(dots)
        return style.painted(text, owner)
