"""Fields of log lines, detected in a sample: structured metadata, labels of the query's parsers, and what the lines
themselves hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from logql.cancel import check_query
from logql.detected.json_paths import Path, json_paths
from logql.detected.line_fields import JSON, LineFields
from logql.detected.types import FieldType, compact_size, field_type
from logql.labels.start import ERROR, ERROR_DETAILS, EXTRACTED
from logql.limits import QueryLimits
from logql.requests import EVERYTHING_NS, RangeQuery
from logql.results import Entry
from logql.samples.budget import MemoryBudget

__all__ = ["Field", "FieldsQuery", "detected_fields", "field_values"]

_NOT_FIELDS = frozenset((ERROR, ERROR_DETAILS, "__preserve_error__"))
_VALUE_OVERHEAD_BYTES = 120  # of a text in a dictionary


@dataclass(frozen=True, slots=True)
class FieldsQuery:
    """Sample the newest ``line_limit`` lines of a log query in [start_ns, end_ns); answer at most ``limit`` things."""

    text: str
    start_ns: int
    end_ns: int
    line_limit: int = 100
    limit: int = 1000
    limits: QueryLimits = field(default_factory=QueryLimits)
    oldest_ns: int = EVERYTHING_NS

    def sampling(self) -> RangeQuery:
        """The query that finds the sample."""
        return RangeQuery(
            self.text,
            self.start_ns,
            self.end_ns,
            step_ms=1000,
            limit=self.line_limit,
            limits=self.limits,
            oldest_ns=self.oldest_ns,
        )


@dataclass(frozen=True, slots=True)
class Field:
    """``parsers`` found it, none did structured metadata; ``json_path`` are the keys that lead to it in JSON lines."""

    name: str
    type: FieldType
    cardinality: int
    parsers: tuple[str, ...] = ()
    json_path: Path = ()


def detected_fields(entries: Sequence[Entry], limit: int, budget: MemoryBudget) -> list[Field]:
    """The fields of ``entries``, newest first, by name; of more than ``limit`` those found first.

    Raises LimitExceeded when their values take more than the budget.
    """
    sample = _Sample(entries, limit, budget)
    sample.read(None)
    paths = _Paths(entries)
    return [found.as_field(paths) for _, found in sorted(sample.fields.items())]


def field_values(name: str, entries: Sequence[Entry], limit: int, budget: MemoryBudget) -> list[str]:
    """The first ``limit`` values of one field, newest first; sizes that were read off lines are written compactly."""
    sample = _Sample(entries, 1, budget)
    sample.read(name)
    if name not in sample.fields:
        return []
    found = sample.fields[name]
    in_order = sorted(found.values.items(), key=lambda item: item[1].row)
    shown = (compact_size(text) if value.is_parsed else text for text, value in in_order)
    return list(dict.fromkeys(shown))[:limit]


@dataclass(frozen=True, slots=True)
class _Value:
    """Where a value was first seen, and whether by a parser."""

    row: int
    is_parsed: bool


@dataclass(slots=True)
class _Found:
    """One field so far. ``json``: the row and the parser's name of the first value that a JSON line had."""

    name: str
    values: dict[str, _Value] = field(default_factory=dict)
    last: tuple[int, str] = (-1, "")
    parsers: dict[str, None] = field(default_factory=dict)
    json: tuple[int, str] | None = None

    def as_field(self, paths: _Paths) -> Field:
        path = () if self.json is None else paths.of(*self.json)
        return Field(self.name, field_type(self.last[1]), len(self.values), tuple(self.parsers), path)


class _Sample:
    """Reads entries into ``fields``, at most ``limit`` of them."""

    def __init__(self, entries: Sequence[Entry], limit: int, budget: MemoryBudget) -> None:
        self.fields: dict[str, _Found] = {}
        self._entries, self._limit, self._budget = entries, limit, budget

    def read(self, only: str | None) -> None:
        """``only``: the one field to look for, None for all."""
        lines = LineFields([entry.line for entry in self._entries])
        for row, entry in enumerate(self._entries):
            check_query()
            for name, text in entry.metadata.pairs:
                self._see(name, text, row, None, only)
            for name, text in entry.parsed.pairs:
                self._see(name, text, row, lines.parser(row), only)
        for line_field in lines:
            collides = line_field.name in self._entries[line_field.row].stream
            name = line_field.name + EXTRACTED if collides else line_field.name
            parser = lines.parser(line_field.row)
            found = self._see(name, line_field.text, line_field.row, parser, only)
            if found is not None and parser == JSON and found.json is None:
                found.json = line_field.row, line_field.name

    def _see(self, name: str, text: str, row: int, parser: str | None, only: str | None) -> _Found | None:
        """The field, if it is one that counts."""
        if name in _NOT_FIELDS or (only is not None and name != only):
            return None
        found = self.fields.get(name)
        if found is None:
            if len(self.fields) == self._limit:
                return None
            found = self.fields[name] = _Found(name)
        if text not in found.values:
            self._budget.reserve(len(text) + _VALUE_OVERHEAD_BYTES, "the values of fields", "lower line_limit")
            found.values[text] = _Value(row, parser is not None)
        if parser is not None:
            found.parsers[parser] = None
        # The oldest sampled line decides on the type, its parsed value before its metadata.
        if row >= found.last[0]:
            found.last = row, text
        return found


class _Paths:
    """The JSON paths of sampled lines, each line read once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._known: dict[int, dict[str, Path]] = {}

    def of(self, row: int, name: str) -> Path:
        if row not in self._known:
            check_query()
            self._known[row] = json_paths(self._entries[row].line.encode())
        return self._known[row].get(name, ())
