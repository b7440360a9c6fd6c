"""Where a value or a time lies on an axis, and how the axis names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Scale", "number_texts"]

_MOST_DIGITS = 17  # with which every float has a text of its own
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Scale:
    """``low`` lies at dot 0, ``high`` at dot ``dots - 1``; where both are one value, ``rest`` says where it lies."""

    low: float
    high: float
    dots: int
    rest: float = 0.0

    def dot(self, value: float) -> int:
        # Halves, because the distance of two floats may be too large for a float.
        reach = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / reach if reach > 0 else self.rest
        return min(max(round(share * (self.dots - 1)), 0), self.dots - 1)

    def value(self, share: float) -> float:
        """The value at a share of the axis between 0 and 1."""
        return self.low * (1 - share) + self.high * share


def number_texts(values: Sequence[float]) -> list[str]:
    """Numbers with as few digits as tell them apart."""
    distinct = len(set(values))
    for digits in range(3, _MOST_DIGITS + 1):
        texts = [_text(value, digits) for value in values]
        if len(set(texts)) >= distinct:
            break
    return texts


def _text(value: float, digits: int) -> str:
    for size, unit in _UNITS:
        if size <= abs(value) < size * 1000:
            return f"{value / size:.{digits}g}{unit}"
    return f"{value:.{digits}g}"
