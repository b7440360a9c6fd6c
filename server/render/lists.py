"""Answers that are lists: label names, label values, series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

__all__ = ["render_list"]


def render_list(items: Sequence[Any]) -> bytes:
    """Always with ``data``, also when empty: clients need no special case then."""
    return orjson.dumps({"status": "success", "data": items}, option=orjson.OPT_APPEND_NEWLINE)
