"""What a terminal gets that a pipe does not: colours and harmless control characters."""

from __future__ import annotations

import os
import sys
from typing import TextIO

__all__ = ["RESET", "colour_of_level", "is_colourful", "is_terminal", "painted", "visible"]

RESET = "\x1b[0m"
_COLOURS = {
    "critical": "\x1b[1;35m",
    "fatal": "\x1b[1;35m",
    "error": "\x1b[31m",
    "warn": "\x1b[33m",
    "info": "\x1b[32m",
    "debug": "\x1b[34m",
    "trace": "\x1b[36m",
    "dim": "\x1b[2m",
    "label": "\x1b[36m",
}
_SYNONYMS = {"err": "error", "warning": "warn", "information": "info", "dbg": "debug", "internal_error": "critical"}
# A log line is foreign text: escape sequences in it must not move the cursor or retitle the window.
_CONTROLS = {code: f"\\x{code:02x}" for code in [*range(32), 127, *range(128, 160)] if chr(code) not in "\t\n"}


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person looks at ``stream`` (standard output)."""
    return (stream or sys.stdout).isatty()


def is_colourful(stream: TextIO | None = None) -> bool:
    """Whether colours are wanted: a capable terminal and no NO_COLOR (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def colour_of_level(level: str) -> str:
    """The escape sequence for a level; empty for an unknown one."""
    name = level.lower()
    return _COLOURS.get(_SYNONYMS.get(name, name), "")


def painted(text: str, colour: str) -> str:
    """``text`` in a named colour or an escape sequence; unchanged for an empty one."""
    sequence = _COLOURS.get(colour, colour)
    return f"{sequence}{text}{RESET}" if sequence else text


def visible(text: str) -> str:
    """``text`` with control characters written out."""
    return text.translate(_CONTROLS)
