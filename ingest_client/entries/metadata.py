"""Structured metadata as the server takes it: strings only, within its limits."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["clean_metadata"]

MAX_PAIRS = 100
MAX_VALUE_CHARACTERS = 4096
MAX_TOTAL_CHARACTERS = 15_000


def clean_metadata(pairs: Mapping[str, object]) -> dict[str, str]:
    """Return the pairs with values written out and cut; what is beyond the server's limits is left out.

    A name without a letter or digit makes the server refuse the whole batch: such pairs and None values are left out.
    """
    clean: dict[str, str] = {}
    room = MAX_TOTAL_CHARACTERS
    for name, value in pairs.items():
        if value is None or len(clean) >= MAX_PAIRS or not any(c.isascii() and c.isalnum() for c in name):
            continue
        text = str(value)[:MAX_VALUE_CHARACTERS]
        room -= len(name) + len(text)
        if room >= 0:
            clean[name] = text
    return clean
