"""Values of a template and their Go types.

Python's own types stand for Go's: str (its lone surrogates are bytes that are no UTF-8), bool, int, float, complex,
None (nil), list and dict (from JSON). The few that Python lacks are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from logql.template.literals import MIN_INT64
from logql.template.times.layout import MONTHS, WEEKDAYS
from logql.template.times.moment import Moment
from logql.values import format_go_duration

__all__ = [
    "Byte",
    "Duration",
    "Int64",
    "LabelMap",
    "Month",
    "Weekday",
    "is_integer",
    "is_true",
    "kind_of",
    "to_bytes",
    "to_text",
    "type_name",
    "wrap_int64",
]


class Int64(int):
    """What arithmetic returns; a plain int is Go's ``int``."""

    __slots__ = ()


class Byte(int):
    """One byte of a string."""

    __slots__ = ()


class Duration(int):
    """Nanoseconds."""

    __slots__ = ()

    def __str__(self) -> str:
        return format_go_duration(self)


class Month(int):
    """1 is January."""

    __slots__ = ()

    def __str__(self) -> str:
        return MONTHS[self - 1]


class Weekday(int):
    """0 is Sunday."""

    __slots__ = ()

    def __str__(self) -> str:
        return WEEKDAYS[self]


@dataclass(frozen=True, slots=True)
class LabelMap:
    """The row's labels: a name that is missing reads as "", other than in a map from JSON."""

    entries: Mapping[str, str]


_TYPES: dict[type, tuple[str, str]] = {
    str: ("string", "string"),
    bool: ("bool", "bool"),
    int: ("int", "int"),
    Int64: ("int", "int64"),
    Duration: ("int", "time.Duration"),
    Month: ("int", "time.Month"),
    Weekday: ("int", "time.Weekday"),
    Byte: ("uint", "uint8"),
    float: ("float", "float64"),
    complex: ("complex", "complex128"),
    list: ("list", "[]interface {}"),
    dict: ("map", "map[string]interface {}"),
    LabelMap: ("map", "map[string]string"),
    Moment: ("struct", "time.Time"),
    type(None): ("nil", "<nil>"),
}


def kind_of(value: object) -> str:
    """``string bool int uint float complex list map struct nil``."""
    return _TYPES[type(value)][0]


def type_name(value: object) -> str:
    """Go's name of the type, ``[]interface {}`` for a list."""
    return _TYPES[type(value)][1]


def is_true(value: object) -> bool:
    """False for false, 0, nil and what is empty."""
    if isinstance(value, LabelMap):
        return bool(value.entries)
    return isinstance(value, Moment) or bool(value)


def is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def wrap_int64(value: int) -> Int64:
    """Overflow wraps, as in Go."""
    return Int64((value - MIN_INT64) % (1 << 64) + MIN_INT64)


def to_bytes(text: str) -> bytes:
    """The bytes that ``text`` stands for."""
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """The inverse of ``to_bytes``."""
    return data.decode("utf-8", "surrogateescape")
