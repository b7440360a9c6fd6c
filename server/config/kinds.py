"""Kinds of setting values: how each is read (from YAML or from text) and printed.

``read`` raises ValueError with a text that says what would be right. A kind reads what it prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from logql.values.prometheus_duration import format_prometheus_duration, parse_prometheus_duration
from server.http.errors import HttpError
from server.notation.moments import format_moment
from server.notation.sizes import format_size, parse_size
from server.tenancy import tenant_of
from server.units import NS

__all__ = [
    "BOOL",
    "DURATION",
    "HIDDEN",
    "MOMENT",
    "POSITIVE_SIZE",
    "SECRET",
    "SIZE",
    "TENANT",
    "TEXT",
    "TEXTS",
    "WHOLE_DURATION",
    "Kind",
    "choice",
    "from_json",
    "number",
    "whole",
]

HIDDEN = "********"
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is what the documentation calls it."""

    name: str
    read: Callable[[Any], Any]
    show: Callable[[Any], Any]


def _read_bool(raw: Any) -> bool:
    truth = raw if isinstance(raw, bool) else _TRUTHS.get(str(raw).lower())
    if truth is None:
        raise ValueError(f"{raw!r} is neither true nor false")
    return truth


def _read_text(raw: Any) -> str:
    if isinstance(raw, dict | list) or raw is None:
        raise ValueError(f"{raw!r} is not a text")
    return str(raw)


def _read_secret(raw: Any) -> str:
    text = _read_text(raw)
    if text == HIDDEN:
        raise ValueError("stars are what is shown in place of a secret: give the secret itself")
    return text


def _read_texts(raw: Any) -> tuple[str, ...]:
    """A YAML list, or one text with commas."""
    if isinstance(raw, dict) or raw is None:
        raise ValueError(f"{raw!r} is not a list of texts")
    items = raw if isinstance(raw, list) else str(raw).split(",")
    return tuple(text for text in (_read_text(item).strip() for item in items) if text)


def from_json(raw: Any, absent: Any, remedy: str) -> Any:
    """What YAML has made of a value, or what one text says in JSON: ``absent`` where there is none."""
    if not isinstance(raw, str):
        return raw
    try:
        return orjson.loads(raw) if raw.strip() else absent
    except ValueError:
        raise ValueError(f"{raw!r} is not JSON: {remedy}") from None


def _read_tenant(raw: Any) -> str:
    name = _read_text(raw)
    try:
        return tenant_of(name.encode(), auth_enabled=True) if name else ""
    except HttpError as error:
        raise ValueError(f"{raw!r} is no tenant: {error}") from None


def _read_duration(raw: Any) -> int | float:
    """Seconds; whole ones as int."""
    try:
        duration_ns = parse_prometheus_duration(str(raw))
    except ValueError:
        raise ValueError(f"{raw!r} is not a duration: write it with units, like 30s, 10m, 1h30m or 1w") from None
    return duration_ns / NS if duration_ns % NS else duration_ns // NS


def _read_whole_duration(raw: Any) -> int:
    seconds = _read_duration(raw)
    if isinstance(seconds, float):
        raise ValueError(f"{raw!r} is not a whole number of seconds")
    return seconds


def _show_duration(seconds: float) -> str:
    return format_prometheus_duration(round(seconds * NS))


def _read_size(raw: Any) -> int:
    if isinstance(raw, bool | dict | list) or raw is None:
        raise ValueError(f"{raw!r} is not a size: write it like 256KB, 4MB or 1GB")
    return parse_size(str(raw))


def _read_positive_size(raw: Any) -> int:
    size_bytes = _read_size(raw)
    if size_bytes == 0:
        raise ValueError("must be more than 0")
    return size_bytes


def _read_moment(raw: Any) -> int:
    """Seconds since the epoch; no text, and 0, for none."""
    if not raw or str(raw) == "0":
        return 0
    try:
        moment = datetime.fromisoformat(str(raw))
    except ValueError:
        raise ValueError(f"{raw!r} is not a moment: write it like 2026-12-31T00:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError(f"{raw!r} has no time zone: write it like 2026-12-31T00:00:00Z")
    return int(moment.timestamp())


def whole(low: int, high: int = 2**63 - 1) -> Kind:
    """A whole number from ``low`` to ``high``."""

    def read(raw: Any) -> int:
        try:
            value = int(str(raw))
        except ValueError:
            raise ValueError(f"{raw!r} is not a whole number") from None
        if not low <= value <= high:
            raise ValueError(f"{value} is out of range: {low} to {high}")
        return value

    return Kind("whole number", read, int)


def number(low: float) -> Kind:
    """A number of at least ``low``."""

    def read(raw: Any) -> float:
        try:
            value = float(str(raw))
        except ValueError:
            raise ValueError(f"{raw!r} is not a number") from None
        if not low <= value < float("inf"):
            raise ValueError(f"{raw} is out of range: {low:g} or more")
        return value

    return Kind("number", read, lambda value: int(value) if value == int(value) else value)


def choice(*allowed: str) -> Kind:
    """One of a few words."""

    def read(raw: Any) -> str:
        word = str(raw).lower()
        if word not in allowed:
            raise ValueError(f"{raw!r} is none of {', '.join(allowed)}")
        return word

    return Kind(" or ".join(f"`{word}`" for word in allowed), read, str)


MOMENT = Kind("moment", _read_moment, lambda second: format_moment(second) if second else "")
BOOL = Kind("boolean", _read_bool, bool)
TEXT = Kind("text", _read_text, str)
SECRET = Kind("secret text", _read_secret, lambda text: HIDDEN if text else "")
TENANT = Kind("tenant", _read_tenant, str)
TEXTS = Kind("list of texts", _read_texts, list)
DURATION = Kind("duration", _read_duration, _show_duration)
WHOLE_DURATION = Kind("duration", _read_whole_duration, _show_duration)
SIZE = Kind("size", _read_size, format_size)
POSITIVE_SIZE = Kind("size", _read_positive_size, format_size)
