"""The parameters of all operations by name: what they mean, and what their text looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["HEADERS", "PARAMETERS", "SPELLED", "TENANT", "Parameter"]

_MOMENT = "seconds (up to 10 digits), nanoseconds, seconds with decimals, or RFC 3339"
_DURATION = "as `5m`, `1h30m`, or seconds as a number"


@dataclass(frozen=True, slots=True)
class Parameter:
    text: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    is_required: bool = False

    def to_json(self, name: str, place: str) -> dict[str, Any]:
        return {
            "name": name,
            "in": place,
            "required": self.is_required or place == "path",
            "description": self.text,
            "schema": dict(self.schema),
        }


_WHOLE: Mapping[str, Any] = {"type": "integer", "minimum": 0}

PARAMETERS: Mapping[str, Parameter] = {
    "query": Parameter("LogQL.", is_required=True),
    "selector": Parameter('Only streams that this selects, as `{job="tensorrt"}`.'),
    "match[]": Parameter("Selectors; streams of any of them.", {"type": "array", "items": {"type": "string"}}),
    "start": Parameter(f"Where the window begins: {_MOMENT}. An hour before its end."),
    "end": Parameter(f"Where the window ends: {_MOMENT}. Now."),
    "since": Parameter(f"Length of the window where it has no start: {_DURATION}."),
    "time": Parameter(f"The instant: {_MOMENT}. Now."),
    "limit": Parameter("Lines of the answer at most. 100.", _WHOLE),
    "entries": Parameter("Entries of the answer at most.", _WHOLE),
    "step": Parameter(f"Between two points: {_DURATION}. A 250th of the window, a second at least."),
    "interval": Parameter(f"At least so much time between two lines: {_DURATION}."),
    "direction": Parameter("Newest or oldest lines first.", {"type": "string", "enum": ["backward", "forward"]}),
    "delay_for": Parameter(
        "Seconds for which lines are held back to be put in order.", {"type": "integer", "minimum": 0, "maximum": 5}
    ),
    "name": Parameter("The label or field."),
    "targetLabels": Parameter("Labels to sum by, with commas between them."),
    "aggregateBy": Parameter("Sum by series or by label.", {"type": "string", "enum": ["series", "labels"]}),
    "line_limit": Parameter("Newest lines that are looked at. 100.", _WHOLE),
    "targetBytesPerShard": Parameter(
        "Bytes that a shard should have, as `1000` or `1KB`.", {"type": "string"}, is_required=True
    ),
    "regexp": Parameter("A regular expression that lines have to match."),
    "delete_query": Parameter("A selector, and line filters, of the lines to delete."),
    "delete_start": Parameter("Where deleting begins: seconds or RFC 3339, not nanoseconds."),
    "delete_end": Parameter("Where deleting ends: seconds or RFC 3339, not nanoseconds. Now."),
    "max_interval": Parameter("How agents of Loki split the work; without effect, but it must be a duration."),
    "request_id": Parameter("The request to take back.", is_required=True),
    "force": Parameter("Take back what is left of a request whose time to do so is over.", {"type": "boolean"}),
    "flush": Parameter("Whether to write what is in memory to parts. true.", {"type": "boolean"}),
    "terminate": Parameter("Whether to stop. true.", {"type": "boolean"}),
    "mode": Parameter(
        "`defaults` shows those, `diff` what is different.", {"type": "string", "enum": ["defaults", "diff"]}
    ),
    "log_level": Parameter(
        "The new level.", {"type": "string", "enum": ["debug", "info", "warn", "error"]}, is_required=True
    ),
}

# Where the name in a request is another than the one above.
SPELLED: Mapping[str, str] = {
    "selector": "query",
    "entries": "limit",
    "delete_query": "query",
    "delete_start": "start",
    "delete_end": "end",
}

HEADERS: Mapping[str, Parameter] = {
    "Content-Encoding": Parameter(
        "How the body is compressed.", {"type": "string", "enum": ["gzip", "deflate", "lz4", "snappy", "zstd"]}
    ),
    "X-Loki-Response-Encoding-Flags": Parameter(
        "`categorize-labels` tells stream labels, structured metadata and parsed labels apart.",
        {"type": "string", "enum": ["categorize-labels"]},
    ),
}

TENANT = Parameter("The tenant; required with `auth_enabled`, ignored without.")
