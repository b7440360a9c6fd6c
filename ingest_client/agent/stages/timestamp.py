"""``timestamp``: the time of a line from an extracted value, by one of Go's layouts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest_client.agent.config.section import Section
from ingest_client.agent.golang.layouts import compile_layout
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["TimestampStage", "build", "read_location"]

_MAX_FILES = 10_000


class TimestampStage(Stage):
    """Where no layout fits, the time stays, or becomes the last good one of the file and a nanosecond (fudge)."""

    def __init__(self, source: str, layouts: list[Callable[[str], int]], fudges: bool) -> None:
        self._source, self._layouts, self._fudges = source, layouts, fudges
        self._last_ns: dict[str, int] = {}
        self.uses = frozenset([source])

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            ts_ns = self._parse(as_text(row.extracted.get(self._source)))
            if ts_ns is not None:
                row.ts_ns = ts_ns
                if self._fudges:
                    self._keep(row.labels.get("filename", row.source), ts_ns)
            elif self._fudges:
                self._fudge(row)
        return rows

    def _parse(self, text: str | None) -> int | None:
        if text is None:
            return None
        for layout in self._layouts:
            try:
                return layout(text)
            except (ValueError, OverflowError):
                continue
        return None

    def _fudge(self, row: Row) -> None:
        name = row.labels.get("filename", row.source)
        last_ns = self._last_ns.get(name)
        if last_ns is not None:
            row.ts_ns = last_ns + 1
            self._keep(name, row.ts_ns)

    def _keep(self, name: str, ts_ns: int) -> None:
        if name not in self._last_ns and len(self._last_ns) >= _MAX_FILES:
            self._last_ns.clear()
        self._last_ns[name] = ts_ns


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``timestamp``."""
    section = parent.section("timestamp")
    source = section.text("source", required=True)
    location = read_location(section)
    layouts = []
    for name, layout in [("format", section.text("format", required=True))] + [
        ("fallback_formats", layout) for layout in section.texts("fallback_formats")
    ]:
        try:
            layouts.append(compile_layout(layout, location))
        except ValueError as error:
            section.mistake(str(error), name)
    action = section.text("action_on_failure", "fudge")
    if action not in ("fudge", "skip"):
        section.mistake(f"fudge or skip, not {action!r}", "action_on_failure")
    section.finish()
    return TimestampStage(source, layouts, action == "fudge")


def read_location(section: Section) -> tzinfo:
    """The zone below ``location``; UTC without one."""
    name = section.text("location")
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        section.mistake(f"{name!r} is no time zone: write it as Europe/Berlin", "location")
        return UTC
