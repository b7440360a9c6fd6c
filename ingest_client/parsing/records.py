"""Lines to records: a record begins at a line that is known to begin one, and others belong to the one before.

Lines before the first beginning are records by themselves. The caller's clock says when a record was quiet for long.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest_client.parsing.ladder import WRAPPERS, Ladder

__all__ = ["Record", "RecordJoiner", "begins_record"]

MAX_LINES = 128
MAX_CHARS = 256 * 1024

_ladder = Ladder()
# Indentation, closing brackets and the items of a list go on with what stands above.
_CONTINUES = re.compile(r"[\s)\]}]|\[\d+\] |ERROR: ModelImporter|Try decreasing")
# What has no prefix of TensorRT's and still stands by itself: parser dumps, JSON, lines with a date, logfmt.
_BEGINS = re.compile(r"While parsing node|In node -?\d|\{|\d{4}-\d\d-\d\d|\[\d{4}-\d\d-\d\d|(?:time|ts|level)=")

Payload = TypeVar("Payload")


def begins_record(line: str) -> bool:
    """Whether ``line`` has a prefix that is known, and is not one of those that go on with the record above."""
    if not line or _CONTINUES.match(line):
        # "[TRT]" behind a blank is a prefix all the same.
        return line.lstrip().startswith("[TRT]")
    if _BEGINS.match(line) or _ladder.match(line) is not None:
        return True
    return any((found := wrapper.match(line)) and _ladder.match(line[found.end() :]) for wrapper in WRAPPERS)


@dataclass
class Record(Generic[Payload]):
    """Lines that belong together, with what the caller gave for the first and for the last of them."""

    lines: list[str]
    first: Payload
    last: Payload
    size_chars: int

    @property
    def text(self) -> str:
        """The lines, joined as they were."""
        return "\n".join(self.lines)


class RecordJoiner(Generic[Payload]):
    """The open record of one source. ``max_lines`` and ``max_chars`` end a record that does not end by itself."""

    def __init__(self, begins: Callable[[str], bool], max_lines: int = MAX_LINES, max_chars: int = MAX_CHARS) -> None:
        self._begins, self._max_lines, self._max_chars = begins, max_lines, max_chars
        self._open: Record[Payload] | None = None
        self._has_begun = False

    @property
    def open_record(self) -> Record[Payload] | None:
        """The record that waits for more lines."""
        return self._open

    def add(self, line: str, payload: Payload) -> list[Record[Payload]]:
        """Take the next line; returns the records that are complete with it, in order."""
        record = self._open
        done: list[Record[Payload]] = []
        begins = self._begins(line)
        if record is not None and not begins:
            record.lines.append(line)
            record.last = payload
            record.size_chars += len(line) + 1
        else:
            if record is not None:
                done.append(record)
            self._has_begun |= begins
            self._open = record = Record([line], payload, payload, len(line))
        if not self._has_begun or len(record.lines) >= self._max_lines or record.size_chars >= self._max_chars:
            done.append(record)
            self._open = None
        return done

    def resume(self, lines: list[str], payload: Payload) -> None:
        """Go on with a record that an earlier process left open."""
        self._open = Record(lines, payload, payload, sum(map(len, lines)) + len(lines) - 1)
        self._has_begun = True

    def finish(self) -> Record[Payload] | None:
        """The open record, ended: its source has, or was quiet for long."""
        record, self._open = self._open, None
        return record
