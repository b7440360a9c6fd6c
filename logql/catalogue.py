"""What streams there are: the questions behind label browsers. Answered from stream tables and time bounds alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from logql.ast import Matcher
from logql.streams import matches_all
from storage.labels import Labels
from storage.source import Source

__all__ = ["label_names", "label_values", "series_of"]


def series_of(
    sources: Iterable[Source], start_ns: int, end_ns: int, selectors: Sequence[tuple[Matcher, ...]]
) -> list[Labels]:
    """Streams of chunks that overlap [start_ns, end_ns] and that any selector accepts, sorted by text."""
    near = (source for source in sources if source.min_ts <= end_ns and source.max_ts >= start_ns)
    streams = {source.streams[number] for source in near for number in source.present.tolist()}
    if selectors:
        streams = {labels for labels in streams if any(matches_all(each, labels) for each in selectors)}
    return sorted(streams, key=lambda labels: labels.text)


def label_names(streams: Iterable[Labels]) -> list[str]:
    return sorted({name for labels in streams for name in labels})


def label_values(name: str, streams: Iterable[Labels]) -> list[str]:
    return sorted({labels[name] for labels in streams if name in labels})
