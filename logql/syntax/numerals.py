"""Tokens that start with a digit: a Go number literal, extended to a duration or to a size where that gives one."""

from __future__ import annotations

import re

from logql.values.byte_size import parse_byte_size
from logql.values.go_duration import parse_go_duration
from logql.values.prometheus_duration import parse_prometheus_duration

__all__ = ["parse_duration", "read_duration", "read_numeral"]

_NUMBER = re.compile(
    r"0[xX](?P<hex>[0-9a-fA-F_]*(?P<point>\.[0-9a-fA-F_]*)?)(?P<power>[pP][+-]?(?P<power_digits>[0-9_]*))?"
    r"|0[oO](?P<octal>[0-9_]*)"
    r"|0[bB](?=[0-9_])(?P<binary>[0-9_]*)"
    r"|(?P<decimal>[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?P<exponent>[eE][+-]?(?P<exponent_digits>[0-9_]*))?"
)
_MISPLACED_UNDERSCORE = re.compile(r"(?<![0-9])_|_(?![0-9])")
_MISPLACED_AFTER_PREFIX = re.compile(r"(?<![0-9a-fA-FxXoO])_|_(?![0-9a-fA-F])")
_DURATION_TAIL = re.compile("[0-9.nu\u00b5m\u03bcshdwy]*")
_DURATION_UNIT = re.compile("[nu\u00b5m\u03bcshdwy]")
_SIZE_TAIL = re.compile("[0-9.BikKMGTP]*")
_SIZE_UNIT = re.compile("[BikKMGTP]")


def read_numeral(text: str, start: int) -> tuple[str, int]:
    """NUMBER, DURATION or BYTES and the end of the token. Raises ValueError with the scanner's text."""
    literal = _NUMBER.match(text, start)
    assert literal is not None
    _check(literal)
    duration_end = read_duration(text, start, literal.end())
    if duration_end is not None:
        return "DURATION", duration_end
    size_end = _read_size(text, start, literal.end())
    return ("NUMBER", literal.end()) if size_end is None else ("BYTES", size_end)


def read_duration(text: str, start: int, literal_end: int | None = None) -> int | None:
    """The end of the duration at ``start``, which must have a unit; None where there is none."""
    tail = _DURATION_TAIL.match(text, start if literal_end is None else literal_end)
    assert tail is not None
    if not _DURATION_UNIT.search(tail.group()):
        return None
    try:
        parse_duration(text[start : tail.end()])
    except ValueError:
        return None
    return tail.end()


def _read_size(text: str, start: int, literal_end: int) -> int | None:
    tail = _SIZE_TAIL.match(text, literal_end)
    assert tail is not None
    if not _SIZE_UNIT.search(tail.group()):
        return None
    try:
        parse_byte_size(text[start : tail.end()])
    except ValueError:
        return None
    return tail.end()


def parse_duration(text: str) -> int:
    """Nanoseconds of a duration in Prometheus' or in Go's form. Raises ValueError."""
    try:
        return parse_prometheus_duration(text)
    except ValueError:
        return parse_go_duration(text)


def _check(literal: re.Match[str]) -> None:
    if literal["hex"] is not None:
        _check_hex(literal)
    elif literal["octal"] is not None:
        _check_digits(literal["octal"], "01234567", "octal")
    elif literal["binary"] is not None:
        _check_digits(literal["binary"], "01", "binary")
    else:
        _check_decimal(literal)
    misplaced = _MISPLACED_UNDERSCORE if literal["decimal"] is not None else _MISPLACED_AFTER_PREFIX
    if misplaced.search(literal.group()):
        raise ValueError("'_' must separate successive digits")


def _check_digits(digits: str, allowed: str, name: str) -> None:
    if not digits.strip("_"):
        raise ValueError(f"{name} literal has no digits")
    for digit in digits:
        if digit not in allowed and digit != "_":
            raise ValueError(f"invalid digit '{digit}' in {name} literal")


def _check_hex(literal: re.Match[str]) -> None:
    if not literal["hex"].strip("_."):
        raise ValueError("hexadecimal literal has no digits")
    if literal["power"] is None and literal["point"] is not None:
        raise ValueError("hexadecimal mantissa requires a 'p' exponent")
    if literal["power"] is not None and not literal["power_digits"].strip("_"):
        raise ValueError("exponent has no digits")


def _check_decimal(literal: re.Match[str]) -> None:
    if literal["exponent"] is not None and not literal["exponent_digits"].strip("_"):
        raise ValueError("exponent has no digits")
    digits = literal["decimal"]
    if len(digits) > 1 and digits[0] == "0" and "." not in digits and literal["exponent"] is None:
        _check_digits(digits[1:], "01234567", "octal")
