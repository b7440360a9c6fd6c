"""How plans write times, amounts and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

__all__ = ["bytes_text", "count_text", "moment_text", "table_text"]

_SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")


def moment_text(ts_ns: int) -> str:
    """RFC 3339 in UTC, no longer than it must be."""
    seconds, nanoseconds = divmod(ts_ns, _SECOND_NS)
    moment = (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()
    fraction = f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""
    return f"{moment}{fraction}Z"


def count_text(count: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``, ``2 entries``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def bytes_text(size_bytes: int) -> str:
    """``512 B``, ``1.5 MB``."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    power = min((len(str(size_bytes)) - 1) // 3, len(_UNITS))
    return f"{size_bytes / 1000**power:.1f} {_UNITS[power - 1]}"


def table_text(rows: Iterable[tuple[str, Iterable[str]]], indent: str = "") -> list[str]:
    """Lines of names and their values; further values of a name stand below the first, none leave its row out."""
    filled = [(name, list(values)) for name, values in rows]
    width = max((len(name) for name, values in filled if values), default=0)
    return [
        f"{indent}{'' if number else name:<{width}}  {value}"
        for name, values in filled
        for number, value in enumerate(values)
    ]
