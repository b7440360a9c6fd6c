"""``name > 5``, ``name > 1m30s``, ``name > 5KB``: the label's value converted, then compared.

A line without the label is dropped. A line whose label cannot be converted is kept and, if it carries no error yet,
marked with LabelFilterErr.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import Comparison
from logql.labels import LabelState
from logql.labels.columns import only
from storage.batch import MetadataColumn

__all__ = ["compared_rows"]

_OPERATORS: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQ: operator.eq,
    Comparison.NEQ: operator.ne,
    Comparison.GT: operator.gt,
    Comparison.GE: operator.ge,
    Comparison.LT: operator.lt,
    Comparison.LE: operator.le,
}


def compared_rows(
    name: str,
    op: Comparison,
    wanted: float,
    convert: Callable[[str], float],
    state: LabelState,
    active: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], LabelState]:
    """(rows,) that pass, and the state with what could not be converted in ``active`` rows marked."""
    column = state.lookup(name)
    holds, failures = _tested(column.values.to_pylist(), _OPERATORS[op], wanted, convert)
    passes = np.append(holds, False)[column.codes]
    if not any(failures):
        return passes, state
    has_failed = np.array([text is not None for text in failures] + [False])[column.codes]
    error = only(MetadataColumn(np.zeros(len(state), np.int32), pa.array(["LabelFilterErr"])), has_failed & active)
    details = MetadataColumn(column.codes, pa.array([text or "" for text in failures], pa.string()))
    return passes, state.set_error(error, details, overwrites=False)


def _tested(
    values: list[str], compare: Callable[[Any, Any], bool], wanted: float, convert: Callable[[str], float]
) -> tuple[NDArray[np.bool_], list[str | None]]:
    """Whether each distinct value passes (one that cannot be converted does), and why it cannot."""
    holds = np.zeros(len(values), np.bool_)
    failures: list[str | None] = []
    for number, text in enumerate(values):
        try:
            holds[number] = compare(convert(text), wanted)
            failures.append(None)
        except ValueError as error:
            holds[number] = True
            failures.append(str(error))
    return holds, failures
