"""Durations in Go's form (``1h30m0s``, ``-1.5s``, ``300µs``), in nanoseconds."""

from __future__ import annotations

import re

__all__ = ["format_go_duration", "parse_go_duration"]

_UNIT_NS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_MAX_NS = (1 << 63) - 1
_TERM = re.compile(r"(?P<whole>[0-9]*)(?P<fraction>\.[0-9]*)?(?P<unit>[^0-9.]*)")


def parse_go_duration(text: str) -> int:
    """Nanoseconds. Raises ValueError with Go's text, ``time: unknown unit "d" in duration "1d"`` for one."""
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return 0
    if not unsigned:
        raise ValueError(f"time: invalid duration {_quote(text)}")
    sign = -1 if text[0] == "-" else 1
    total_ns, position = 0, 0
    while position < len(unsigned):
        term = _TERM.match(unsigned, position)
        assert term is not None
        total_ns += _term_ns(term, text)
        if total_ns > _MAX_NS + (sign < 0):
            raise ValueError(f"time: invalid duration {_quote(text)}")
        position = term.end()
    return sign * total_ns


def _term_ns(term: re.Match[str], text: str) -> int:
    whole, fraction, unit = term["whole"], (term["fraction"] or "")[1:], term["unit"]
    if not whole and not fraction:
        raise ValueError(f"time: invalid duration {_quote(text)}")
    if len(whole.lstrip("0")) > 19 or int(whole or "0") > _MAX_NS + 1:
        raise ValueError(f"time: invalid duration {_quote(text)}")
    if not unit:
        raise ValueError(f"time: missing unit in duration {_quote(text)}")
    if unit not in _UNIT_NS:
        raise ValueError(f"time: unknown unit {_quote(unit)} in duration {_quote(text)}")
    fraction = fraction[:18]
    fraction_ns = int(int(fraction) * (_UNIT_NS[unit] / 10 ** len(fraction))) if fraction else 0
    return int(whole or "0") * _UNIT_NS[unit] + fraction_ns


def _quote(text: str) -> str:
    """Go's time package escapes every byte that is not printable ASCII."""
    escaped = (_escape_byte(byte) for byte in text.encode("utf-8", "surrogatepass"))
    return '"' + "".join(escaped) + '"'


def _escape_byte(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x80 else f"\\x{byte:02x}"


def format_go_duration(duration_ns: int) -> str:
    """``1h30m0s``, ``1.5s``, ``300µs``, ``0s``."""
    if duration_ns < 0:
        return "-" + format_go_duration(-duration_ns)
    if duration_ns == 0:
        return "0s"
    for unit in ("ns", "\u00b5s", "ms"):
        if duration_ns < 1000 * _UNIT_NS[unit]:
            return _with_decimals(duration_ns, _UNIT_NS[unit]) + unit
    minutes, rest_ns = divmod(duration_ns, _UNIT_NS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = _with_decimals(rest_ns, _UNIT_NS["s"]) + "s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def _with_decimals(duration_ns: int, unit_ns: int) -> str:
    whole, rest_ns = divmod(duration_ns, unit_ns)
    if not rest_ns:
        return str(whole)
    decimals = str(rest_ns).rjust(len(str(unit_ns)) - 1, "0").rstrip("0")
    return f"{whole}.{decimals}"
