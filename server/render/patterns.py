"""Patterns with their samples."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from logql.patterns import Pattern

__all__ = ["render_patterns"]


def render_patterns(patterns: Sequence[Pattern]) -> bytes:
    data = [{"pattern": each.text, "level": each.level, "samples": each.samples} for each in patterns]
    return orjson.dumps({"status": "success", "data": data}, option=orjson.OPT_APPEND_NEWLINE)
