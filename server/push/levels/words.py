"""The known levels, the words that mean them, and the words that are looked for in running text."""

from __future__ import annotations

__all__ = ["CODE_OF_WORD", "LEVELS", "ODD", "OPEN", "SCANNED_WORDS", "UNKNOWN"]

LEVELS = ("unknown", "trace", "debug", "info", "warn", "error", "critical", "fatal")
UNKNOWN = 0

# States of a row that has no level code yet: the line is to be looked at; the kernel leaves it to the plain code.
OPEN, ODD = -1, -2

_MEANINGS = {
    "trace": ("trace", "trc"),
    "debug": ("debug", "dbg"),
    "info": ("info", "inf", "information"),
    "warn": ("warn", "wrn", "warning"),
    "error": ("error", "err"),
    "critical": ("critical",),
    "fatal": ("fatal",),
}
CODE_OF_WORD = {word: LEVELS.index(level) for level, words in _MEANINGS.items() for word in words}

SCANNED_WORDS = ("trace", "debug", "fatal", "critical", "error", "err", "warning", "warn", "info")
