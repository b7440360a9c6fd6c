"""Metric results: matrix, vector, scalar."""

from __future__ import annotations

from typing import Any

from logql.results import Matrix, Scalar, Vector
from server.render.numbers import sample_time, sample_times, sample_value, sample_values

__all__ = ["matrix_result", "scalar_result", "vector_result"]


def matrix_result(matrix: Matrix) -> list[dict[str, Any]]:
    return [
        {
            "metric": dict(series.labels.pairs),
            "values": list(zip(sample_times(series.ts_ms), sample_values(series.values), strict=True)),
        }
        for series in matrix.series
    ]


def vector_result(vector: Vector) -> list[dict[str, Any]]:
    moment = sample_time(vector.ts_ms)
    return [{"metric": dict(labels.pairs), "value": (moment, sample_value(value))} for labels, value in vector.samples]


def scalar_result(scalar: Scalar) -> tuple[int | float, str]:
    return sample_time(scalar.ts_ms), sample_value(scalar.value)
