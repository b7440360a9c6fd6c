"""Values of templates: what is true, and how they are printed."""

from __future__ import annotations

from typing import Any

__all__ = ["is_true", "printed"]


def is_true(value: Any) -> bool:
    """Go's truth: not zero, not empty, not nil."""
    return bool(value)


def printed(value: Any) -> str:
    """A value as Go's templates print it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if not value.is_integer() or abs(value) >= 1e21 else str(int(value))
    if isinstance(value, list):
        return "[" + " ".join(map(printed, value)) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{printed(value[key])}" for key in sorted(value)) + "]"
    return str(value)
