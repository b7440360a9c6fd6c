"""Texts that must be there: conditions that are true of every row that can pass, and perhaps of others.

Text        the line, or for a label its value, holds a text
LabelValue  the value of a label meets a condition, of which it holds the texts verbatim where it came from
All, Any    of several; ``ALWAYS``, which is all of none, says nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["ALWAYS", "All", "Any", "Condition", "LabelValue", "Text", "all_of", "any_of", "with_texts"]

_MOST_ALTERNATIVES = 256  # more texts than that are cheaper searched for than asked about


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class LabelValue:
    name: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least two parts, none of them ALWAYS."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Text | LabelValue | All | Any
ALWAYS = All(())


def all_of(parts: Iterable[Condition]) -> Condition:
    telling = tuple(part for part in parts if part != ALWAYS)
    return telling[0] if len(telling) == 1 else All(telling)


def any_of(parts: Iterable[Condition]) -> Condition:
    """At least one part."""
    distinct = tuple(dict.fromkeys(parts))
    if ALWAYS in distinct or len(distinct) > _MOST_ALTERNATIVES:
        return ALWAYS
    return distinct[0] if len(distinct) == 1 else Any(distinct)


def with_texts(condition: Condition, change: Callable[[str], Condition]) -> Condition:
    """The condition with each of its texts replaced."""
    match condition:
        case Text(text):
            return change(text)
        case All(parts):
            return all_of(with_texts(part, change) for part in parts)
        case Any(parts):
            return any_of(with_texts(part, change) for part in parts)
        case LabelValue(name, value):
            changed = with_texts(value, change)
            return ALWAYS if changed == ALWAYS else LabelValue(name, changed)
