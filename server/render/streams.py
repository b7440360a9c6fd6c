"""Log results: entries grouped into streams, with or without labels by category."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from logql.results import Entry
from storage.labels import Labels

__all__ = ["CATEGORIZE", "categorized_streams", "grouped", "merged_streams"]

CATEGORIZE = "categorize-labels"


def merged_streams(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Each distinct set of stream, metadata and parsed labels together is a stream of its own."""
    groups = grouped(entries, lambda entry: entry.stream.merged(entry.metadata).merged(entry.parsed))
    return [
        {"stream": dict(labels.pairs), "values": [(str(entry.ts), entry.line) for entry in group]}
        for labels, group in groups
    ]


def categorized_streams(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Streams by stream labels alone; every value has a third element with its other labels, ``{}`` without any."""
    extras = _Extras()
    groups = grouped(entries, lambda entry: entry.stream)
    return [
        {
            "stream": dict(labels.pairs),
            "values": [(str(entry.ts), entry.line, extras.of(entry)) for entry in group],
        }
        for labels, group in groups
    ]


def grouped(entries: Sequence[Entry], labels_of: Callable[[Entry], Labels]) -> list[tuple[Labels, list[Entry]]]:
    """Groups sorted by their labels' text; entries keep their order."""
    # Entries share label objects, so identity finds nearly every group without hashing label sets.
    by_identity: dict[tuple[int, int, int], list[Entry]] = {}
    by_labels: dict[Labels, list[Entry]] = {}
    for entry in entries:
        identity = (id(entry.stream), id(entry.metadata), id(entry.parsed))
        group = by_identity.get(identity)
        if group is None:
            group = by_identity[identity] = by_labels.setdefault(labels_of(entry), [])
        group.append(entry)
    return sorted(by_labels.items(), key=lambda item: item[0].text)


class _Extras:
    """The third elements, each distinct one written once."""

    def __init__(self) -> None:
        self._written: dict[tuple[int, int], orjson.Fragment] = {}

    def of(self, entry: Entry) -> orjson.Fragment:
        identity = (id(entry.metadata), id(entry.parsed))
        found = self._written.get(identity)
        if found is None:
            found = self._written[identity] = orjson.Fragment(orjson.dumps(_extra(entry)))
        return found


def _extra(entry: Entry) -> dict[str, dict[str, str]]:
    extra = {"structuredMetadata": dict(entry.metadata.pairs), "parsed": dict(entry.parsed.pairs)}
    return {category: labels for category, labels in extra.items() if labels}
