"""What kind of value a text is, told from the text alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from logql.values import format_byte_size, parse_byte_size, parse_float, parse_go_duration

__all__ = ["FieldType", "compact_size", "field_type"]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_INT64_MAX = 2**63
_INT64_DIGITS = 40  # leading zeros included; longer ones are no int64 that anybody writes
_BOOLEANS = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))


class FieldType(StrEnum):
    INT = "int"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DURATION = "duration"
    BYTES = "bytes"
    STRING = "string"


def field_type(text: str) -> FieldType:
    """The first kind that ``text`` is, from the narrowest to the widest."""
    if _is_int64(text):
        return FieldType.INT
    if _reads(parse_float, text):
        return FieldType.FLOAT
    if text in _BOOLEANS:
        return FieldType.BOOLEAN
    if _reads(parse_go_duration, text):
        return FieldType.DURATION
    return FieldType.BYTES if _reads(parse_byte_size, text) else FieldType.STRING


def compact_size(text: str) -> str:
    """A byte size as it is written shortest (``59KB`` is ``59kB``), any other text as it is."""
    return format_byte_size(parse_byte_size(text)) if field_type(text) is FieldType.BYTES else text


def _is_int64(text: str) -> bool:
    if not _INTEGER.fullmatch(text) or len(text) > _INT64_DIGITS:
        return False
    return -_INT64_MAX <= int(text) < _INT64_MAX


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True
