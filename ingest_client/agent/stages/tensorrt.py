"""``tensorrt``: what lines of TensorRT and its companions say, as structured metadata or labels.

Joins records of several lines, finds level, event and fields, folds storms, marks cascades. The line stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.labels import check_names
from ingest_client.agent.stages.multiline import Joining
from ingest_client.agent.stages.stage import Context, Stage
from ingest_client.agent.stages.tensorrt_times import LineTimes
from ingest_client.agent.stages.timestamp import read_location
from ingest_client.parsing import Cascades, FoldedLine, LineParser, Parsed, RecordJoiner, Storms, begins_record
from ingest_client.parsing.ladder import FORMATS

__all__ = ["Options", "TensorRTStage", "build"]

_MAX_WAIT_NS = 3_000_000_000
_MAX_SOURCES = 4096


@dataclass(frozen=True, slots=True)
class Options:
    """``metadata`` limits the fields that are kept, empty for all; ``labels`` are those that become labels.

    ``dedup``: ``exact`` folds equal messages, ``template`` also those that differ in numbers only, ``off`` none.
    """

    formats: tuple[str, ...] = ()
    metadata: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    dedup: str = "exact"
    joins: bool = True
    tracks_phase: bool = True
    location: tzinfo | None = None


class _Source:
    """What is known of one file."""

    __slots__ = ("cascades", "parser", "phase", "storms")

    def __init__(self, name: str, options: Options) -> None:
        self.parser = LineParser(options.formats)
        self.cascades = Cascades(name)
        self.storms: Storms[Row] = Storms()
        self.phase: str | None = None


class TensorRTStage(Stage):
    """``location`` given, the time is that of the line's prefix, read in this zone; else that of reading."""

    def __init__(self, options: Options, context: Context) -> None:
        self._options, self._context = options, context
        self._sources: dict[str, _Source] = {}
        self._joining = Joining(lambda: RecordJoiner(begins_record), _MAX_WAIT_NS) if options.joins else None
        self._times = LineTimes(options.location) if options.location is not None else None

    def process(self, rows: list[Row]) -> list[Row]:
        joining = self._joining
        if joining is not None:
            now_ns = self._context.now_ns()
            rows = [done for row in rows for done in joining.add(row, now_ns)]
        return self._understand(rows)

    def tick(self, now_ns: int) -> list[Row]:
        rows = self._understand(self._joining.quiet(now_ns)) if self._joining else []
        for source in self._sources.values():
            rows.extend(map(_told, source.storms.due(now_ns)))
        return rows

    def finish(self) -> list[Row]:
        rows = self._understand(self._joining.finish()) if self._joining else []
        for source in self._sources.values():
            rows.extend(map(_told, source.storms.finish()))
        return rows

    def state(self) -> Any:
        """Open records, and what was folded and not yet told."""
        lines = self._joining.state() if self._joining else None
        folded = [
            [
                name,
                [
                    [fold.payload.to_json(), fold.repeat_count, fold.first_ns, fold.last_ns]
                    for fold in source.storms.open()
                ],
            ]
            for name, source in self._sources.items()
            if source.storms.has_folded
        ]
        return {"lines": lines, "folded": folded} if lines or folded else None

    def restore(self, state: Any) -> None:
        if state["lines"] and self._joining:
            self._joining.restore(state["lines"], self._context.now_ns())
        for name, folds in state["folded"]:
            storms = self._source(name).storms
            for fields, count, first_ns, last_ns in folds:
                row = Row.from_json(fields)
                storms.resume(
                    self._key(row, self._source(name).parser.parse(row.line)), FoldedLine(row, count, first_ns, last_ns)
                )

    def _understand(self, rows: list[Row]) -> list[Row]:
        out: list[Row] = []
        for row in rows:
            source = self._source(row.source)
            parsed = source.parser.parse(row.line)
            self._describe(row, parsed, source)
            if self._options.dedup == "off":
                out.append(row)
                continue
            told = source.storms.due(row.ts_ns)
            if told:
                out.extend(map(_told, told))
            if not source.storms.fold(self._key(row, parsed), row.ts_ns, row):
                out.append(row)
        return out

    def _key(self, row: Row, parsed: Parsed) -> tuple[Any, ...]:
        text = parsed.template if self._options.dedup == "template" else parsed.message
        return (text, parsed.level, *row.labels.values())

    def _source(self, name: str) -> _Source:
        source = self._sources.get(name)
        if source is None:
            if len(self._sources) >= _MAX_SOURCES:
                self._forget()
            source = self._sources[name] = _Source(name, self._options)
        return source

    def _forget(self) -> None:
        for name in [name for name, source in self._sources.items() if not source.storms.has_folded]:
            del self._sources[name]

    def _describe(self, row: Row, parsed: Parsed, source: _Source) -> None:
        if self._times is not None and parsed.ts_text and (ts_ns := self._times.parse(parsed.format, parsed.ts_text)):
            row.ts_ns = ts_ns
        found = _found(parsed)
        if self._options.tracks_phase:
            source.phase = parsed.phase or source.phase
            if source.phase:
                found["phase"] = source.phase
        if parsed.event:
            found.update(source.cascades.judge(parsed.event, parsed.level, found.get("pid", ""), row.ts_ns))
        row.extracted.update(found)
        labels, wanted = self._options.labels, self._options.metadata
        if labels and not labels.isdisjoint(found):
            row.labels = {**row.labels, **{name: value for name, value in found.items() if name in labels}}
        kept = {name: value for name, value in found.items() if name not in labels and (not wanted or name in wanted)}
        if kept:
            row.metadata = {**row.metadata, **kept}


def _found(parsed: Parsed) -> dict[str, str]:
    found = dict(parsed.fields)
    for name, value in (
        ("level", parsed.level),
        ("event", parsed.event),
        ("component", parsed.component),
        ("ts_text", parsed.ts_text),
    ):
        if value:
            found[name] = value
    if parsed.benign and parsed.level in ("error", "warn"):
        found["benign"] = "likely"
    return found


def _told(folded: FoldedLine[Row]) -> Row:
    row = folded.payload
    row.ts_ns = folded.last_ns
    row.metadata = {
        **row.metadata,
        "repeat_count": str(folded.repeat_count),
        "first_ts": str(folded.first_ns),
        "last_ts": str(folded.last_ns),
    }
    return row


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``tensorrt``."""
    section = parent.section("tensorrt")
    known = {each.name for each in FORMATS}
    formats = tuple(section.texts("formats"))
    for name in formats:
        if name not in known:
            section.mistake(f"{name!r} is none of {', '.join(sorted(known))}", "formats")
    labels = section.texts("labels")
    check_names(section, "labels", dict.fromkeys(labels, ""))
    dedup = section.raw("dedup")
    dedup = {None: "exact", True: "exact", False: "off"}.get(dedup, dedup)
    if dedup not in ("exact", "template", "off"):
        section.mistake(f"exact, template or off, not {dedup!r}", "dedup")
    zone, kept = read_location(section), section.texts("metadata")
    location = zone if section.has("location") else None
    options = Options(
        formats,
        frozenset([*kept, "level"]) if kept else frozenset(),
        frozenset(labels),
        str(dedup),
        section.boolean("multiline", True),
        section.boolean("phase_tracking", True),
        location,
    )
    section.finish()
    return TensorRTStage(options, context)
