"""Floats: read as Go's ParseFloat reads them, printed as the shortest decimal without exponent."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from storage.text import go_quote

__all__ = ["format_number", "parse_float"]

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_DECIMAL = re.compile(rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")
_HEX_DIGITS = r"[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
_HEX = re.compile(rf"[+-]?0[xX]_?(?:{_HEX_DIGITS}(?:\.(?:{_HEX_DIGITS})?)?|\.{_HEX_DIGITS})[pP][+-]?{_DIGITS}")
_INFINITY = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE | re.ASCII)


def parse_float(text: str) -> float:
    """Raises ValueError with Go's text: ``strconv.ParseFloat: parsing "bad": invalid syntax`` (or out of range)."""
    if _DECIMAL.fullmatch(text):
        value = float(text)
    elif _HEX.fullmatch(text):
        value = _hex_float(text)
    elif _INFINITY.fullmatch(text):
        return -math.inf if text[0] == "-" else math.inf
    elif text.lower() == "nan" and text.isascii():
        return math.nan
    else:
        raise ValueError(f"strconv.ParseFloat: parsing {go_quote(text)}: invalid syntax")
    if math.isinf(value):
        raise ValueError(f"strconv.ParseFloat: parsing {go_quote(text)}: value out of range")
    return value


def _hex_float(text: str) -> float:
    try:
        return float.fromhex(text.replace("_", ""))
    except OverflowError:
        return math.inf


def format_number(value: float) -> str:
    """The shortest text that reads back as ``value``: ``0.0000001``, ``-4``, ``NaN``, ``+Inf``."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")
