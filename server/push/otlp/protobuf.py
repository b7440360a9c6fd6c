"""From the protobuf of an OTLP request to records: Python works per resource, scope and odd value, never per line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.limits import PushLimits
from server.push.bounds import check_counts, check_streams
from server.push.entries import MAX_TEXT_BYTES, Slices
from server.push.errors import PushError
from server.push.gathering import gathered
from server.push.otlp.kernels import walk
from server.push.otlp.messages import malformed, parse_resource, parse_scope
from server.push.otlp.records import Records
from server.push.otlp.row_pairs import RowPairs
from server.push.otlp.source import Resource, Scope
from server.push.otlp.value import ValueBudget
from server.push.otlp.wire import (
    CONSTANTS,
    COUNTS,
    OPEN_VALUES,
    PAIRS,
    POSITION,
    RECORDS,
    RENDERED,
    RESOURCES,
    SCOPES,
)

__all__ = ["decode_otlp_protobuf"]

# What a resource, a scope, a record, a pair, an open value and a byte of numbers as text take at least in usual
# requests; where that is wrong the walk is repeated.
_USUAL_BYTES = (64, 32, 32, 12, 24, 1)
_CONSTANTS = np.frombuffer(CONSTANTS, np.uint8)
_CACHED_SOURCES = 4096
_CACHED_BYTES_MAX = 4096


@dataclass(frozen=True, slots=True)
class _Notes:
    """The arrays that ``walk`` fills."""

    counts: NDArray[np.int64]
    resources: NDArray[np.int32]
    scopes: NDArray[np.int32]
    scope_of_row: NDArray[np.int32]
    ts: NDArray[np.int64]
    lines: NDArray[np.int32]
    pair_row: NDArray[np.int32]
    pairs: NDArray[np.int32]
    open_values: NDArray[np.int32]
    rendered: NDArray[np.uint8]

    @classmethod
    def with_room(cls, resources: int, scopes: int, records: int, pairs: int, values: int, rendered: int) -> _Notes:
        return cls(
            counts=np.zeros(COUNTS, np.int64),
            resources=np.empty((2, resources), np.int32),
            scopes=np.empty((3, scopes), np.int32),
            scope_of_row=np.empty(records, np.int32),
            ts=np.empty(records, np.int64),
            lines=np.empty((2, records), np.int32),
            pair_row=np.empty(pairs, np.int32),
            pairs=np.empty((4, pairs), np.int32),
            open_values=np.empty((2, values), np.int32),
            rendered=np.empty(rendered, np.uint8),
        )

    @property
    def needed(self) -> tuple[int, int, int, int, int, int]:
        """The room that the request takes, in the order of ``with_room``."""
        numbers = self.counts.tolist()
        return (
            numbers[RESOURCES],
            numbers[SCOPES],
            numbers[RECORDS],
            numbers[PAIRS],
            numbers[OPEN_VALUES],
            numbers[RENDERED],
        )

    @property
    def is_whole(self) -> bool:
        room = (
            self.resources.shape[1],
            self.scopes.shape[1],
            len(self.ts),
            len(self.pair_row),
            self.open_values.shape[1],
            len(self.rendered),
        )
        return all(needed <= there for needed, there in zip(self.needed, room, strict=True))

    def trimmed(self) -> _Notes:
        """Without spare room."""
        resources, scopes, records, pairs, values, rendered = self.needed
        return _Notes(
            self.counts,
            self.resources[:, :resources],
            self.scopes[:, :scopes],
            self.scope_of_row[:records],
            self.ts[:records],
            self.lines[:, :records],
            self.pair_row[:pairs],
            self.pairs[:, :pairs],
            self.open_values[:, :values],
            self.rendered[:rendered],
        )


def decode_otlp_protobuf(body: bytes, limits: PushLimits) -> Records:
    """PushError 400 when the request is malformed or holds too much, 422 without a record."""
    if len(body) > MAX_TEXT_BYTES:
        raise PushError(400, f"decompressed message size too large than max ({len(body)} vs {MAX_TEXT_BYTES})")
    data = np.frombuffer(body, np.uint8)
    notes = _walked(data, _Notes.with_room(*(len(data) // size + 16 for size in _USUAL_BYTES)))
    check_counts(int(notes.counts[RECORDS]), int(notes.counts[PAIRS]), limits)
    if len(data) + len(_CONSTANTS) + int(notes.counts[RENDERED]) > MAX_TEXT_BYTES:
        raise PushError(400, "too many numbers and ids in one push: send fewer records at a time")
    if not notes.is_whole:
        notes = _walked(data, _Notes.with_room(*notes.needed))
    if notes.counts[RECORDS] == 0:
        raise PushError(422, "error at least one valid stream is required for ingestion")
    return _records(data, notes.trimmed(), limits)


def _walked(data: NDArray[np.uint8], notes: _Notes) -> _Notes:
    fault = walk(
        data,
        notes.counts,
        notes.resources,
        notes.scopes,
        notes.scope_of_row,
        notes.ts,
        notes.lines,
        notes.pair_row,
        notes.pairs,
        notes.open_values,
        notes.rendered,
    )
    if fault:
        raise malformed(fault, int(notes.counts[POSITION]), "the message")
    return notes


def _records(data: NDArray[np.uint8], notes: _Notes, limits: PushLimits) -> Records:
    budget = ValueBudget()
    resources, resource = _distinct(data, notes.resources, limits)
    scopes, scope = _distinct(data, notes.scopes[1:], limits)
    texts = np.concatenate([data, _CONSTANTS, notes.rendered])
    rows = RowPairs(texts, len(data), notes.lines, notes.pair_row, notes.pairs)
    pairs, labels = rows.settle(notes.open_values, budget, limits)
    return Records(
        resources=[_resource(message, limits, budget) for message in resources],
        scopes=[_scope(message, limits, budget) for message in scopes],
        resource=resource[notes.scopes[0]][notes.scope_of_row],
        scope=scope[notes.scope_of_row],
        ts=notes.ts,
        line=rows.column_of_lines(),
        pairs=pairs,
        labels=labels,
    )


def _distinct(
    data: NDArray[np.uint8], spans: NDArray[np.int32], limits: PushLimits
) -> tuple[list[bytes], NDArray[np.int32]]:
    """The different messages, and the number of each span's among them."""
    messages = gathered(Slices(data, *spans)).view(pa.binary()).dictionary_encode()
    distinct: list[bytes] = messages.dictionary.to_pylist()
    check_streams(len(distinct), sum(map(len, distinct)), limits)
    return distinct, messages.indices.to_numpy()


def _resource(message: bytes, limits: PushLimits, budget: ValueBudget) -> Resource:
    if len(message) <= _CACHED_BYTES_MAX:
        return _short_resource(message, limits)
    return Resource.of(parse_resource(message, budget), limits)


def _scope(message: bytes, limits: PushLimits, budget: ValueBudget) -> Scope:
    if len(message) <= _CACHED_BYTES_MAX:
        return _short_scope(message, limits)
    return Scope.of(*parse_scope(message, budget), limits)


# Short messages are remembered: agents send the same few for ever.


@lru_cache(_CACHED_SOURCES)
def _short_resource(message: bytes, limits: PushLimits) -> Resource:
    return Resource.of(parse_resource(message, ValueBudget()), limits)


@lru_cache(_CACHED_SOURCES)
def _short_scope(message: bytes, limits: PushLimits) -> Scope:
    return Scope.of(*parse_scope(message, ValueBudget()), limits)
