"""Series written as tables, and what an operation on them answers in the same form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from logql.ast import LogQuery, Variants
from logql.samples.series_set import SeriesSet
from logql.syntax import parse
from storage.labels import Labels

__all__ = ["POINTS", "Table", "operation", "series_of", "series_sets", "table_of"]

POINTS = 3
# By label text ("a=1,b=2") the value at each point, None where there is none.
Table = Mapping[str, Sequence[float | None]]


def series_of(table: Table) -> SeriesSet:
    rows = [[np.nan if value is None else value for value in values] for values in table.values()]
    present = [[value is not None for value in values] for values in table.values()]
    shape = (len(table), len(rows[0]) if rows else 1)
    return SeriesSet(
        tuple(map(_labels, table)),
        np.array(rows, np.float64).reshape(shape),
        np.array(present, np.bool_).reshape(shape),
    )


def table_of(series: SeriesSet) -> dict[str, list[float | None]]:
    """In the order of the series; the text of equal labels is told apart by a number."""
    table: dict[str, list[float | None]] = {}
    for labels, values, present in zip(series.labels, series.values, series.present, strict=True):
        text = ",".join(f"{name}={value}" for name, value in labels.pairs)
        while text in table:
            text += "'"
        table[text] = [float(value) if there else None for value, there in zip(values, present, strict=True)]
    return table


def _labels(text: str) -> Labels:
    return Labels(dict(pair.split("=") for pair in text.rstrip("'").split(",") if pair))


def operation(text: str) -> object:
    """The outermost node of a metric query, with whatever legs."""
    expr = parse(text)
    assert not isinstance(expr, LogQuery | Variants)
    return expr


@st.composite
def series_sets(draw: st.DrawFn) -> SeriesSet:
    """Series over labels a and b with small values, each present somewhere, in any order."""
    names = draw(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("12-")), unique=True, max_size=5))
    values = st.lists(st.none() | st.integers(-2, 2), min_size=POINTS, max_size=POINTS)
    table = {f"a={a}" + (f",b={b}" if b != "-" else ""): draw(values) for a, b in names}
    return series_of(
        {text: row for text, row in table.items() if any(value is not None for value in row)} or {"a=9": [1.0] * POINTS}
    )
