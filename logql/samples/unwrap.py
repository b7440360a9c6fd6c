"""Samples out of labels: what ``| unwrap duration(took)`` takes from each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import LabelFilterStage, Unwrap, UnwrapConversion
from logql.samples.kernels import parse_decimals, parse_durations, parse_sizes, to_seconds
from logql.scan.frame import Frame
from logql.stages.pipeline import Pipeline
from logql.values import parse_byte_size, parse_float, parse_go_duration
from storage.batch import MetadataColumn, string_buffers
from storage.kernels import Kernel

__all__ = ["Unwrapped", "unwrapped"]

_ERROR = "SampleExtractionErr"

Reader = Kernel[[NDArray[np.int32], NDArray[np.uint8], NDArray[np.float64]], NDArray[np.bool_]]

# What reads most texts at once, and what judges the rest one by one.
_READERS: Mapping[UnwrapConversion, tuple[Reader, Callable[[str], float]]] = {
    UnwrapConversion.NONE: (parse_decimals, parse_float),
    UnwrapConversion.BYTES: (parse_sizes, parse_byte_size),
    UnwrapConversion.DURATION: (parse_durations, lambda text: to_seconds(parse_go_duration(text))),
    UnwrapConversion.DURATION_SECONDS: (parse_durations, lambda text: to_seconds(parse_go_duration(text))),
}


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The rows that have a sample, and their ``values`` (rows,)."""

    frame: Frame
    values: NDArray[np.float64]

    def passing(self, unwrap: Unwrap) -> Unwrapped:
        """The samples that pass the filters behind ``unwrap``."""
        if not unwrap.filters:
            return self
        frame = Pipeline([LabelFilterStage(label_filter) for label_filter in unwrap.filters])(self.frame)
        return Unwrapped(frame, self.values[np.searchsorted(self.frame.rows, frame.rows)])


def unwrapped(frame: Frame, unwrap: Unwrap) -> Unwrapped:
    """Rows without the label, or with an empty one, have no sample; what is no number is 0 and an error.

    The filters behind ``unwrap`` have not been asked yet.
    """
    column = frame.label(unwrap.name)
    if len(column.values) > len(column.codes):
        column = _compact(column)
    offsets, _ = string_buffers(column.values)
    has_text = np.append(np.diff(offsets) > 0, False)  # the last one is for the code -1
    rows = has_text[column.codes]
    frame, codes = frame.keep(rows), column.codes[rows]
    values, errors = _converted(column.values, unwrap.conversion)
    return Unwrapped(_with_errors(frame, codes, errors), values[codes])


def _compact(column: MetadataColumn) -> MetadataColumn:
    """One text a row, for rows of which there are fewer than texts."""
    rows = column.codes >= 0
    codes = np.where(rows, np.cumsum(rows) - 1, -1).astype(np.int32)
    return MetadataColumn(codes, column.values.take(pa.array(column.codes[rows])))


def _converted(texts: pa.Array, conversion: UnwrapConversion) -> tuple[NDArray[np.float64], dict[int, str]]:
    """The value of each text, and the errors by the number of the text."""
    read, judge = _READERS[conversion]
    values, errors = np.zeros(len(texts)), dict[int, str]()
    offsets, data = string_buffers(texts)
    unread = ~read(offsets, data, values) & (np.diff(offsets) > 0)
    for number in np.flatnonzero(unread).tolist():
        try:
            values[number] = judge(texts[number].as_py())
        except ValueError as error:
            errors[number] = str(error)
    return values, errors


def _with_errors(frame: Frame, codes: NDArray[np.int32], errors: Mapping[int, str]) -> Frame:
    """``errors`` by code; not all of them need to be among ``codes`` (rows,)."""
    failed = np.isin(codes, list(errors)) if errors else np.zeros(0, np.bool_)
    if not failed.any():
        return frame
    number_of = np.full(max(int(codes.max()), *errors) + 1, -1, np.int32)
    number_of[list(errors)] = np.arange(len(errors))
    details = MetadataColumn(number_of[codes], pa.array(list(errors.values()), pa.string()))
    error = MetadataColumn(np.where(failed, 0, -1).astype(np.int32), pa.array([_ERROR], pa.string()))
    return frame.with_labels(frame.labels().set_error(error, details))
