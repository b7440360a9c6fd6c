"""Go's time layouts, cut into literal text and elements (``2006``, ``Jan``, ``.000``, ``Z07:00``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["MONTHS", "WEEKDAYS", "Element", "cut_layout", "is_fraction"]

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

# Longest first where one element starts another; a name is none when a small letter follows (``Month``, ``Jane``).
_ELEMENT = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST"
    r"|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm"
    r"|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07"
    r"|[.,]0+(?![0-9])|[.,]9+(?![0-9])"
)


class Element(NamedTuple):
    """Literal text, then an element; the last one of a layout may have none (``""``)."""

    literal: str
    code: str


@lru_cache(maxsize=256)
def cut_layout(layout: str) -> tuple[Element, ...]:
    """The layout's elements in order; the last has code "" and the literal text that remains."""
    elements, end = [], 0
    for match in _ELEMENT.finditer(layout):
        elements.append(Element(layout[end : match.start()], match.group()))
        end = match.end()
    return (*elements, Element(layout[end:], ""))


def is_fraction(code: str) -> bool:
    """Whether the element is decimals of a second."""
    return code[:1] in (".", ",")
