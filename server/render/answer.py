"""The envelope of query and query_range answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from logql.results import Answer, Matrix, Scalar, Streams, Vector
from server.render.samples import matrix_result, scalar_result, vector_result
from server.render.stats import render_stats
from server.render.streams import CATEGORIZE, categorized_streams, merged_streams

__all__ = ["render_answer"]


def render_answer(answer: Answer, encoding_flags: Sequence[str] = ()) -> bytes:
    """The whole body. ``encoding_flags`` are those of ``X-Loki-Response-Encoding-Flags``; metric results ignore them.

    Key order matters to clients that read while receiving: resultType, encodingFlags, result, stats; warnings come
    before the data of log results and after the data of others.
    """
    if isinstance(answer.data, Streams):
        return _log_answer(answer, answer.data, encoding_flags)
    kind, result = _metric_result(answer.data)
    data = {"resultType": kind, "result": result, "stats": render_stats(answer.stats)}
    return orjson.dumps({"status": "success", "data": data} | _warnings(answer))


def _log_answer(answer: Answer, streams: Streams, encoding_flags: Sequence[str]) -> bytes:
    data: dict[str, Any] = {"resultType": "streams"}
    if encoding_flags:
        data["encodingFlags"] = encoding_flags
    shape = categorized_streams if CATEGORIZE in encoding_flags else merged_streams
    data["result"] = shape(streams.entries)
    data["stats"] = render_stats(answer.stats)
    envelope = {"status": "success"} | _warnings(answer) | {"data": data}
    return orjson.dumps(envelope, option=orjson.OPT_APPEND_NEWLINE)


def _metric_result(data: Matrix | Vector | Scalar) -> tuple[str, Any]:
    if isinstance(data, Matrix):
        return "matrix", matrix_result(data)
    if isinstance(data, Vector):
        return "vector", vector_result(data)
    return "scalar", scalar_result(data)


def _warnings(answer: Answer) -> dict[str, Sequence[str]]:
    return {"warnings": tuple(answer.warnings)} if answer.warnings else {}
