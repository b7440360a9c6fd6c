"""Rows in columns: numbers to the right, texts to the left, the last column as long as it likes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logctl.terminal import visible

__all__ = ["size_text", "table_lines"]

_UNITS = ("B", "KB", "MB", "GB", "TB")


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """One text a row, ``heads`` first; a head that begins with ``>`` stands over a column of numbers."""
    names = [head.lstrip(">") for head in heads]
    cells = [names, *([visible(cell) for cell in row] for row in rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(heads))]
    for row in cells:
        aligned = (
            cell.rjust(width) if head.startswith(">") else cell.ljust(width)
            for head, cell, width in zip(heads, row, widths, strict=True)
        )
        yield "  ".join(aligned).rstrip()


def size_text(size_bytes: float) -> str:
    """Three digits and a unit; a KB has 1024 bytes."""
    for unit in _UNITS[:-1]:
        if size_bytes < 1000:
            return f"{size_bytes:.3g} {unit}"
        size_bytes /= 1024
    return f"{size_bytes:.3g} {_UNITS[-1]}"
