"""Metric results: a table for a person, JSON for a pipe, and either of them where it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from logctl.log_output import label_text
from logctl.options import Display
from logctl.terminal import is_colourful, is_terminal, painted, visible
from logctl.times import format_moment, parse_zone

__all__ = ["show_metric"]


def show_metric(kind: str, result: list[Any], display: Display) -> None:
    """Print a matrix, vector or scalar."""
    if display.output == "json" or (display.output != "table" and not is_terminal()):
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return
    zone = parse_zone(display.zone_name)
    if kind == "scalar":
        print(f"{_moment(result[0], zone)} {result[1]}")
        return
    for text in _tables(result, zone) if kind == "matrix" else _rows(result, zone):
        print(text)


def _tables(result: list[Any], zone: tzinfo | None) -> Iterator[str]:
    """Each series with its values below."""
    for series in result:
        yield _series(series)
        width = max(len(value) for _, value in series["values"])
        for moment, value in series["values"]:
            yield f"  {_moment(moment, zone)} {value:>{width}}"


def _rows(result: list[Any], zone: tzinfo | None) -> Iterator[str]:
    """One row a series: value first, so that numbers stand in a column."""
    width = max((len(series["value"][1]) for series in result), default=0)
    for series in result:
        moment, value = series["value"]
        yield f"{_moment(moment, zone)} {value:>{width}} {_series(series)}"


def _series(series: dict[str, Any]) -> str:
    text = visible(label_text(sorted(series["metric"].items())))
    return painted(text, "label") if is_colourful() else text


def _moment(seconds: float, zone: tzinfo | None) -> str:
    return format_moment(round(seconds * 1000) * 1_000_000, zone, digits=3)
