"""Names for copies of what is damaged: those of before stay for whoever investigates."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["unused_name"]

_MAX_COPIES = 1000  # of one damaged object; beyond it the first copy is overwritten


def unused_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """``name``, or with a number added where that is taken."""
    candidates = (name, *(f"{name}.{number}" for number in range(1, _MAX_COPIES)))
    return next((candidate for candidate in candidates if not is_taken(candidate)), name)
