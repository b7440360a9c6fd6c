"""What a selection leaves to read of a store's sources, known from indexes and time bounds alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from logql.evaluate.counting import Counting
from logql.scan.selection import Refusal, Selection
from storage.source import Source

__all__ = ["Cost", "SourceCounts"]


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Every source is selected, or skipped for one of the reasons."""

    selected: int
    skipped_by_time: int
    skipped_by_streams: int
    skipped_by_filters: int = 0

    @classmethod
    def of(cls, refusals: Iterable[Refusal | None]) -> SourceCounts:
        found = Counter(refusals)
        return cls(found[None], found[Refusal.TIME], found[Refusal.STREAMS], found[Refusal.FILTERS])

    @property
    def total(self) -> int:
        return self.selected + self.skipped_by_time + self.skipped_by_streams + self.skipped_by_filters

    def to_json(self) -> dict[str, int]:
        return {
            "total": self.total,
            "selected": self.selected,
            "skippedByTime": self.skipped_by_time,
            "skippedByStreams": self.skipped_by_streams,
            "skippedByFilters": self.skipped_by_filters,
        }


@dataclass(frozen=True, slots=True)
class Cost:
    """Chunks lie in parts, batches in memory; ``rows`` and bytes are those of the selected ones, as a whole, without
    the counted.

    counted       selected chunks of which the index has the counts: they are not read
    line_bytes    of all their lines, uncompressed
    stored_bytes  of the chunks in the store, with all their columns
    """

    parts: int
    parts_selected: int
    chunks: SourceCounts
    batches: SourceCounts
    counted: int
    rows: int
    line_bytes: int
    stored_bytes: int

    @classmethod
    def of(cls, sources: Sequence[Source], selection: Selection, counting: Counting | None = None) -> Cost:
        judged = [(source, selection.refusal(source)) for source in sources]
        selected = [source for source, refusal in judged if refusal is None]
        read = [source for source in selected if counting is None or counting.of(source) is None]
        return cls(
            parts=_parts(sources),
            parts_selected=_parts(selected),
            chunks=SourceCounts.of(refusal for source, refusal in judged if source.is_stored),
            batches=SourceCounts.of(refusal for source, refusal in judged if not source.is_stored),
            counted=len(selected) - len(read),
            rows=sum(map(len, read)),
            line_bytes=sum(source.line_bytes for source in read),
            stored_bytes=sum(source.stored_bytes for source in read),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "parts": {"total": self.parts, "selected": self.parts_selected},
            "chunks": self.chunks.to_json(),
            "batches": self.batches.to_json(),
            "chunksCounted": self.counted,
            "rows": self.rows,
            "lineBytes": self.line_bytes,
            "storedBytes": self.stored_bytes,
        }


def _parts(sources: Sequence[Source]) -> int:
    # All chunks of a part, and no others, have its stream table.
    return len({id(source.streams) for source in sources if source.is_stored})
