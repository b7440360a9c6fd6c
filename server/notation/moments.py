"""Moments as texts of answers and settings show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.units import NS

__all__ = ["format_moment", "go_time"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_moment(second: int) -> str:
    """RFC 3339 in UTC, whole seconds: ``2026-01-01T00:00:00Z``."""
    return (_EPOCH + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def go_time(ts_ns: int) -> str:
    """As Go prints a time: ``2026-11-22 15:48:32.083054044 +0000 UTC``, no zeros at the end of the fraction."""
    second, fraction = divmod(ts_ns, NS)
    shown = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{_EPOCH + timedelta(seconds=second):%Y-%m-%d %H:%M:%S}{shown} +0000 UTC"
