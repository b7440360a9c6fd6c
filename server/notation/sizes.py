"""Byte sizes as the configuration writes them: ``256KB``, ``1.5MB``, ``0B``; units are powers of 1024."""

from __future__ import annotations

import re

__all__ = ["format_size", "parse_size"]

_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:([KMGT])I?)?B?\Z", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Bytes; a bare number counts bytes. ValueError when it is not a size."""
    match = _SIZE.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a size: write it like 256KB, 4MB or 1GB")
    amount, prefix = match.groups()
    return int(float(amount) * _UNITS[f"{prefix or ''}B".upper()])


def format_size(size_bytes: int) -> str:
    """The largest unit that gives a whole number: 262144 is ``256KB``."""
    fitting = [unit for unit, unit_bytes in _UNITS.items() if size_bytes and size_bytes % unit_bytes == 0]
    largest = fitting[-1] if fitting else "B"
    return f"{size_bytes // _UNITS[largest]}{largest}"
