"""The messages of a tail: each entry is a stream of its own, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from logql.results import Entry
from logql.tail import DroppedEntry
from server.render.legacy import rfc3339
from server.render.streams import CATEGORIZE, categorized_streams, merged_streams

__all__ = ["RenderTail", "legacy_tail_message", "message_lots", "tail_message"]

RenderTail = Callable[[Sequence[Entry], Sequence[DroppedEntry]], str]

_ENTRIES_MAX = 100
_LINE_CHARACTERS_MAX = 256 << 10  # of a message: many clients take no more than a megabyte


def message_lots(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """The entries in lots of one message each; a line of any length is sent."""
    start = characters = 0
    for place, entry in enumerate(entries):
        characters += len(entry.line)
        if place > start and (place - start == _ENTRIES_MAX or characters > _LINE_CHARACTERS_MAX):
            yield entries[start:place]
            start, characters = place, len(entry.line)
    if start < len(entries):
        yield entries[start:]


def tail_message(encoding_flags: Sequence[str]) -> RenderTail:
    """How to write messages for a client that has sent these flags."""
    shape = categorized_streams if CATEGORIZE in encoding_flags else merged_streams

    def render(entries: Sequence[Entry], dropped: Sequence[DroppedEntry]) -> str:
        message: dict[str, Any] = {"streams": [stream for entry in entries for stream in shape((entry,))]}
        if dropped:
            message["dropped_entries"] = [
                {"timestamp": str(each.ts), "labels": dict(each.stream.pairs)} for each in dropped
            ]
        if encoding_flags:
            message["encodingFlags"] = encoding_flags
        return orjson.dumps(message).decode()

    return render


def legacy_tail_message(entries: Sequence[Entry], dropped: Sequence[DroppedEntry]) -> str:
    """As the path of before ``/loki/api/v1`` writes it."""
    streams = [
        {
            "labels": entry.stream.merged(entry.metadata).merged(entry.parsed).text,
            "entries": [{"ts": rfc3339(entry.ts), "line": entry.line}],
        }
        for entry in entries
    ]
    told = [{"timestamp": rfc3339(each.ts), "labels": each.stream.text} for each in dropped] or None
    return orjson.dumps({"streams": streams, "dropped_entries": told}).decode()
