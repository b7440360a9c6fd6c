"""``| json`` and ``| logfmt`` from the dense columns of a chunk; lines are read only of rows that these leave open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import JsonParser, LogfmtParser
from logql.ast.unions import ParserStage
from logql.dense.readers import JSON_NAME, LOGFMT_NAME
from logql.labels.columns import absent
from logql.parsers import Extracted, Extractor
from logql.parsers.extracted import nothing
from logql.parsers.json import JSON_ERROR
from logql.parsers.json_text import NO_OBJECT_END
from logql.parsers.logfmt import LOGFMT_ERROR
from logql.scan.frame import Frame
from storage.batch import MetadataColumn
from storage.dense import NOTHING, UNREAD, DenseLines

__all__ = ["dense_format", "extract_dense"]

_ERRORS = {JSON_NAME: JSON_ERROR, LOGFMT_NAME: LOGFMT_ERROR}
_MAX_UNREAD_SHARE = 0.5


def dense_format(stage: ParserStage) -> str | None:
    """The format whose dense columns hold what the stage finds, if any."""
    if isinstance(stage, JsonParser) and not stage.extractions:
        return JSON_NAME
    if isinstance(stage, LogfmtParser) and not (stage.extractions or stage.strict or stage.keep_empty):
        return LOGFMT_NAME
    return None


def extract_dense(
    frame: Frame, format_name: str, extractor: Extractor, needed: frozenset[str] | None
) -> Extracted | None:
    """What ``extractor`` would find in the frame's lines; None where only the lines tell."""
    dense = None if needed is None else frame.dense(format_name)
    if dense is None or needed is None:
        return None
    if not needed:
        return nothing(len(frame), _ERRORS[format_name])
    if not dense.knows(needed):
        return None
    state = frame.pick(dense.state())
    unread = np.flatnonzero(state == UNREAD)
    if len(unread) > _MAX_UNREAD_SHARE * len(frame):
        return None
    columns = {label: column for label in needed if (column := _column(frame, dense, label)) is not None}
    extracted = _with_errors(Extracted(columns, _ERRORS[format_name], np.zeros(len(frame), np.bool_)), state)
    if not len(unread):
        return extracted
    return _with_rows(extracted, unread, extractor.extract(frame.line().take(pa.array(unread)), needed))


def _column(frame: Frame, dense: DenseLines, label: str) -> MetadataColumn | None:
    column = dense.column(label)
    return None if column is None else MetadataColumn(frame.pick(column.codes), column.values)


def _with_errors(extracted: Extracted, state: NDArray[np.uint8]) -> Extracted:
    """JSON calls it an error when a line holds nothing."""
    has_error = state == NOTHING
    if extracted.error != JSON_ERROR or not has_error.any():
        return extracted
    details = MetadataColumn(np.where(has_error, 0, -1).astype(np.int32), pa.array([NO_OBJECT_END], pa.string()))
    return replace(extracted, has_error=has_error, errors=details)


def _with_rows(extracted: Extracted, rows: NDArray[np.int64], read: Extracted) -> Extracted:
    """``extracted`` with what was ``read`` from the lines of some ``rows``, of which it says nothing."""
    total = len(extracted.has_error)
    names = extracted.columns.keys() | read.columns.keys()
    columns = {
        name: _joined(extracted.columns.get(name) or absent(total), read.columns.get(name), rows)
        for name in sorted(names)
    }
    has_error = extracted.has_error.copy()
    has_error[rows] = read.has_error
    has_details = extracted.errors is not None or read.errors is not None
    details = _joined(extracted.errors or absent(total), read.errors, rows) if has_details else None
    return replace(extracted, columns=columns, has_error=has_error, errors=details)


def _joined(own: MetadataColumn, other: MetadataColumn | None, rows: NDArray[np.int64]) -> MetadataColumn:
    """``own`` with the values of ``other``, which is of ``rows`` only."""
    if other is None:
        return own
    encoded = pa.concat_arrays([own.values, other.values]).dictionary_encode()
    places = np.append(encoded.indices.to_numpy(), np.int32(-1))
    codes = places[own.codes]
    shifted = np.where(other.codes >= 0, other.codes + len(own.values), -1)
    codes[rows] = places[shifted]
    return MetadataColumn(codes, encoded.dictionary)
