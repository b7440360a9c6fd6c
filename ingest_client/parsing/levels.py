"""Severities as programs write them, and the level that the server knows."""

from __future__ import annotations

__all__ = ["LEVELS", "level_of"]

_WORDS = {
    "critical": ("INTERNAL_ERROR", "F", "FATAL", "BUG", "CRITICAL", "!"),
    "error": ("ERROR", "E"),
    "warn": ("WARNING", "WARN", "W", "FIXME"),
    "info": ("INFO", "I", "S"),
    "debug": ("VERBOSE", "V", "DEBUG", "GRAPH", "X", "U", "UNKNOWN", "LOG", "TRACE"),
}
LEVELS = {word: level for level, words in _WORDS.items() for word in words}


def level_of(severity: str | None) -> str | None:
    """The level of a severity's text; None for none and for one that nobody writes."""
    return LEVELS.get(severity) if severity else None
