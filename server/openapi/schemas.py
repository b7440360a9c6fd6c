"""Bodies that requests and answers have, by name: media types with their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ANSWERS", "BODIES", "SCHEMAS"]

_TEXT: Mapping[str, Any] = {"type": "string"}
_BYTES: Mapping[str, Any] = {"type": "string", "format": "binary"}
_TEXTS: Mapping[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


SCHEMAS: Mapping[str, Any] = {
    "Entry": {
        "description": "Nanoseconds as text, the line, and structured metadata where there is some.",
        "type": "array",
        "minItems": 2,
        "maxItems": 3,
        "items": {"anyOf": [_TEXT, _TEXTS]},
    },
    "PushStream": {
        **_object(stream={**_TEXTS, "description": "Labels."}, values=_list(_ref("Entry"))),
        "required": ["stream", "values"],
    },
    "Push": {**_object(streams=_list(_ref("PushStream"))), "required": ["streams"]},
    "LegacyEntry": _object(ts={"type": "string", "format": "date-time"}, line=_TEXT, structuredMetadata=_TEXTS),
    "LegacyStream": _object(labels=_TEXT, entries=_list(_ref("LegacyEntry"))),
    "LegacyPush": {**_object(streams=_list(_ref("LegacyStream"))), "required": ["streams"]},
    "Data": _object(
        status={"type": "string", "enum": ["success"]},
        data={"description": "What was asked for."},
        warnings=_list(_TEXT),
    ),
    "QueryResult": _object(
        status={"type": "string", "enum": ["success"]},
        warnings=_list(_TEXT),
        data=_object(
            resultType={"type": "string", "enum": ["streams", "matrix", "vector", "scalar"]},
            encodingFlags=_list(_TEXT),
            result={"type": "array", "items": {}},
            stats={"type": "object"},
        ),
    ),
}

_PUSH_JSON = {"application/json": {"schema": _ref("Push")}}

BODIES: Mapping[str, Any] = {
    "push": {**_PUSH_JSON, "application/x-protobuf": {"schema": _BYTES}},
    "legacy": {"application/json": {"schema": _ref("LegacyPush")}, "application/x-protobuf": {"schema": _BYTES}},
    "otlp": {"application/json": {"schema": {"type": "object"}}, "application/x-protobuf": {"schema": _BYTES}},
    "protobuf": {"application/x-protobuf": {"schema": _BYTES}},
}

ANSWERS: Mapping[str, Any] = {
    "nothing": {},
    "data": {"application/json": {"schema": _ref("Data")}},
    "query": {"application/json": {"schema": _ref("QueryResult")}},
    "json": {"application/json": {"schema": {}}},
    "status": {"application/octet-stream": {"schema": _BYTES}},
    "text": {"text/plain": {"schema": _TEXT}},
    "page": {"text/html": {"schema": _TEXT}},
}
