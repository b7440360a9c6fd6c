"""Query statistics on stderr, one figure a row."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["show_stats"]


def show_stats(stats: object) -> None:
    """Print every figure of ``stats`` that is not zero under its dotted name."""
    figures = [(name, value) for name, value in _figures("", stats) if value]
    width = max((len(name) for name, _ in figures), default=0)
    for name, value in figures:
        print(f"{name:<{width}} {value}", file=sys.stderr)


def _figures(prefix: str, value: object) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield prefix, value
        return
    for name, inner in value.items():
        yield from _figures(f"{prefix}.{name}" if prefix else name, inner)
