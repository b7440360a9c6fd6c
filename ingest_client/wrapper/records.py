"""The lines of one output as records with level, event and fields, handed to the client."""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache
from typing import Callable, Dict, Mapping, Optional, Tuple

from ingest_client.parsing import Cascades, FoldedLine, LineParser, Parsed, Record, RecordJoiner, Storms, begins_record

__all__ = ["RecordSink", "Ship"]

# Called with nanoseconds, the text, its metadata and the component, if one is known.
Ship = Callable[[int, str, Dict[str, str], Optional[str]], None]

_QUIET_NS = 3 * 10**9
_LAST_LINES = 20
_REMEMBERED = 512
# Colours and moves of the cursor: for terminals, not for logs.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_Told = Tuple[str, Dict[str, str], Optional[str]]


class RecordSink:
    """One output of the program; ``metadata`` is added to each record."""

    def __init__(self, ship: Ship, metadata: Mapping[str, str]) -> None:
        self._ship, self._metadata = ship, metadata
        # In a storm every line is one of a few: what was found for it once is looked up.
        self._begins = lru_cache(_REMEMBERED)(begins_record)
        self._joiner: RecordJoiner[int] = RecordJoiner(self._begins)
        self._parse = lru_cache(_REMEMBERED)(LineParser().parse)
        self._cascades = Cascades()
        self._storms: Storms[_Told] = Storms()
        self._phase: str | None = None
        self.last_lines: deque[str] = deque(maxlen=_LAST_LINES)

    def add(self, line: bytes, ts_ns: int, parses: bool, count: int = 1) -> None:
        """Take a line without its end, or ``count`` equal ones; without ``parses`` they go as they are."""
        text = _shown(line)
        if not text:
            return
        self.last_lines.append(text)
        if not parses:
            self._end_record()
            self._ship_or_fold((text, None), ts_ns, (text, dict(self._metadata), None), count)
            return
        self._join(text, ts_ns)
        if count > 1 and (self._joiner.open_record is None or self._begins(text)):
            # Each is a record by itself.
            self._understand(Record([text], ts_ns, ts_ns, len(text)), count - 1)
            return
        for _ in range(count - 1):
            self._join(text, ts_ns)

    def tick(self, now_ns: int) -> None:
        """Bring on what has waited long enough for more."""
        waiting = self._joiner.open_record
        if waiting is not None and now_ns - waiting.last > _QUIET_NS:
            self._end_record()
        for folded in self._storms.due(now_ns):
            self._tell(folded)

    def finish(self) -> None:
        """Bring on everything that waits."""
        self._end_record()
        for folded in self._storms.finish():
            self._tell(folded)

    def _join(self, text: str, ts_ns: int) -> None:
        for record in self._joiner.add(text, ts_ns):
            self._understand(record)

    def _end_record(self) -> None:
        record = self._joiner.finish()
        if record is not None:
            self._understand(record)

    def _understand(self, record: Record[int], count: int = 1) -> None:
        ts_ns = record.first
        parsed = self._parse(record.text)
        told = (record.text, self._described(parsed, ts_ns), parsed.component)
        self._ship_or_fold((parsed.message, parsed.level), ts_ns, told, count)

    def _ship_or_fold(self, key: tuple[str, str | None], ts_ns: int, told: _Told, count: int) -> None:
        for folded in self._storms.due(ts_ns):
            self._tell(folded)
        if not self._storms.fold(key, ts_ns, told):
            self._ship(ts_ns, *told)
        if count > 1 and not self._storms.fold(key, ts_ns, told, count - 1):
            self._tell(FoldedLine(told, count - 1, ts_ns, ts_ns))

    def _described(self, parsed: Parsed, ts_ns: int) -> dict[str, str]:
        metadata = {**parsed.fields, **self._metadata}
        self._phase = parsed.phase or self._phase
        named = (("level", parsed.level), ("event", parsed.event), ("ts_text", parsed.ts_text), ("phase", self._phase))
        metadata.update((name, value) for name, value in named if value)
        if parsed.benign and parsed.level in ("error", "warn"):
            metadata["benign"] = "likely"
        metadata.update(self._cascades.judge(parsed.event, parsed.level, metadata.get("pid", ""), ts_ns))
        return metadata

    def _tell(self, folded: FoldedLine[_Told]) -> None:
        text, metadata, component = folded.payload
        counted = {"repeat_count": str(folded.repeat_count), "first_ts": str(folded.first_ns)}
        self._ship(folded.last_ns, text, {**metadata, **counted, "last_ts": str(folded.last_ns)}, component)


def _shown(line: bytes) -> str:
    """What a terminal would show of it: the last state of a line that was written over, without colours."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    return text.rpartition("\r")[2].rstrip() if "\r" in text else text.rstrip()
