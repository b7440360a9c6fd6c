"""Detected labels, fields and values: bare objects without the envelope, and empty ones when nothing was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from logql.detected import DetectedLabel, Field

__all__ = ["render_fields", "render_labels", "render_values"]


def render_labels(labels: Sequence[DetectedLabel]) -> bytes:
    found = [{"label": label.name, "cardinality": label.cardinality} for label in labels]
    return _written({"detectedLabels": found} if found else {})


def render_fields(fields: Sequence[Field], limit: int) -> bytes:
    return _written({"fields": [_field(each) for each in fields], "limit": limit} if fields else {})


def render_values(values: Sequence[str], limit: int) -> bytes:
    return _written({"values": values, "limit": limit} if values else {})


def _field(field: Field) -> dict[str, Any]:
    """``parsers`` is null for structured metadata: that is how clients tell it."""
    shown = {
        "label": field.name,
        "type": field.type,
        "cardinality": field.cardinality,
        "parsers": field.parsers or None,
    }
    return {**shown, "jsonPath": field.json_path} if field.json_path else shown


def _written(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
