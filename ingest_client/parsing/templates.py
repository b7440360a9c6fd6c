"""The template of a message: its text with numbers masked, so that what was found out about one line holds for all
lines of its kind.

Single digits and digits inside words stay, as rules ask for them (``Error Code 1``, ``FP16``).
"""

from __future__ import annotations

import re

__all__ = ["template_of"]

_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|(?<![A-Za-z0-9])[0-9][0-9]+")


def _mask(found: re.Match[str]) -> str:
    return "0x00" if found.group()[1] == "x" else "00"


def template_of(message: str) -> str:
    """Mask the numbers of ``message``; a masked number is still a number, so that patterns match as before."""
    return _NUMBERS.sub(_mask, message)
