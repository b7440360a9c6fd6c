"""One record to its level, event and fields. What a template says is found once and kept: a known kind of line costs
a prefix, a mask and a look-up.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from ingest_client.parsing.events import event_of, is_benign
from ingest_client.parsing.fields import Extractor, fields_of, matching
from ingest_client.parsing.ladder import WRAPPERS, Format, Ladder
from ingest_client.parsing.levels import level_of
from ingest_client.parsing.phases import phase_of
from ingest_client.parsing.templates import template_of

__all__ = ["LineParser", "Parsed"]

_MAX_TEMPLATES = 4096
# Beyond this a message is judged by its beginning: names of fused nodes run to kilobytes.
_MAX_JUDGED_CHARS = 4096
_PLACE = ("file", "func", "line")


class Parsed(NamedTuple):
    """What a record says. ``message`` is its text behind the prefix, ``template`` that text without its numbers.

    ``fields`` hold texts and no level, event or phase; ``format`` is None for a line without a prefix that is known.
    """

    format: str | None
    component: str | None
    level: str | None
    event: str | None
    phase: str | None
    benign: bool
    ts_text: str | None
    message: str
    template: str
    fields: dict[str, str]


class _Kind(NamedTuple):
    """What holds for every message of a template."""

    event: str | None
    phase: str | None
    benign: bool
    extractors: tuple[Extractor, ...]


class _Prefix(NamedTuple):
    format: Format | None
    severity: str | None
    ts_text: str | None
    message: str
    fields: dict[str, str]


class LineParser:
    """Parses the records of one source; ``formats`` limits the prefixes that it may have."""

    def __init__(self, formats: tuple[str, ...] = ()) -> None:
        self._ladder = Ladder(formats)
        self._inner = Ladder(("ort_inner",))
        self._kinds: dict[str, _Kind] = {}

    def parse(self, text: str) -> Parsed:
        """Parse one record, all of its lines; never raises."""
        prefix = self._prefix(text)
        judged = prefix.message[:_MAX_JUDGED_CHARS]
        template = template_of(judged)
        kind = self._kinds.get(template) or self._learn(template)
        fields = prefix.fields
        if kind.extractors:
            fields = _joined(fields, fields_of(judged, kind.extractors))
        found = prefix.format
        level = level_of(prefix.severity) or _level_without_severity(found, kind.event, fields)
        return Parsed(
            found.name if found else None,
            found.component if found else None,
            level,
            "run_result" if found is not None and found.name == "trtexec_test" else kind.event,
            kind.phase,
            kind.benign,
            prefix.ts_text,
            prefix.message,
            template,
            fields,
        )

    def _learn(self, template: str) -> _Kind:
        if len(self._kinds) >= _MAX_TEMPLATES:
            self._kinds.clear()
        kind = _Kind(event_of(template), phase_of(template), is_benign(template), matching(template))
        self._kinds[template] = kind
        return kind

    def _prefix(self, text: str) -> _Prefix:
        matched = self._ladder.match(text)
        wrapper: dict[str, str] = {}
        if matched is None or matched[0].name == "polygraphy":
            unwrapped = self._unwrapped(text)
            if unwrapped is not None:
                matched, wrapper = unwrapped
        if matched is None:
            return _Prefix(None, None, None, text, {})
        return self._innermost(*matched, wrapper)

    def _unwrapped(self, text: str) -> tuple[tuple[Format, re.Match[str]], dict[str, str]] | None:
        """What stands behind the name of a service or a node, if that is a prefix that is known."""
        for pattern in WRAPPERS:
            found = pattern.match(text)
            matched = self._ladder.match(text[found.end() :]) if found else None
            if found is not None and matched is not None:
                return matched, found.groupdict()
        return None

    def _innermost(self, found: Format, match: re.Match[str], wrapper: dict[str, str]) -> _Prefix:
        groups = match.groupdict()
        message = groups.pop("msg") or ""
        severity, ts_text = groups.pop("sev", None), groups.pop("ts", None)
        fields = {**wrapper, **{name: value for name, value in groups.items() if value}}
        if found.name == "ort" and (inner := self._inner.match(message)):
            # The outer level is wrong here, the inner clock is of another zone.
            severity, message = inner[1]["sev"], inner[1]["msg"]
        if found.component == "triton" and message.startswith('"'):
            message = _unquoted(message)
        return _Prefix(found, severity, ts_text, message, fields)


def _joined(of_prefix: dict[str, str], of_message: dict[str, str]) -> dict[str, str]:
    """Both; a place in the code that the message names is nearer to the cause than that of its reporter."""
    if "file" in of_message:
        of_prefix = {name: value for name, value in of_prefix.items() if name not in _PLACE}
    return {**of_message, **of_prefix}


def _level_without_severity(found: Format | None, event: str | None, fields: dict[str, str]) -> str | None:
    """What can be said of lines that do not say it: results of runs, the kernel's, and TensorRT's own error codes."""
    state = fields.get("state")
    if state is not None:
        return "error" if state.endswith("FAILED") else "info"
    if event == "throttle":
        return "warn"
    if found is not None and found.level is not None:
        return found.level
    return "error" if "error_code" in fields else None


def _unquoted(message: str) -> str:
    try:
        text = json.loads(message)
    except ValueError:
        return message
    return text if isinstance(text, str) else message
