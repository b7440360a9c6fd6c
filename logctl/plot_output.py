"""A matrix as a chart on standard output: as wide as the terminal, 80 columns on a pipe."""

from __future__ import annotations

import shutil
import sys
from typing import Any

from logctl.log_output import label_text
from logctl.options import Display
from logctl.plot import PlotSeries, Style, draw
from logctl.terminal import is_colourful, is_terminal, visible
from logctl.times import parse_zone

__all__ = ["show_plot"]

_PIPE_COLUMNS = 80
_ROWS = 20
_LEAST_ROWS = 5
_ROWS_AROUND = 6  # axis, times, span, a legend, and the prompt that follows


def show_plot(matrix: list[Any], display: Display) -> None:
    """Draw the series of a range query; a terminal that has no UTF-8 gets ASCII."""
    width, height = _size()
    style = Style((sys.stdout.encoding or "").lower().replace("-", "") == "utf8", is_colourful())
    for line in draw([_series(each) for each in matrix], width, height, style, parse_zone(display.zone_name)):
        print(line)


def _series(series: dict[str, Any]) -> PlotSeries:
    name = visible(label_text(sorted(series["metric"].items())))
    return PlotSeries(name, [(round(seconds * 1000), float(value)) for seconds, value in series["values"]])


def _size() -> tuple[int, int]:
    if not is_terminal():
        return _PIPE_COLUMNS, _ROWS
    columns, lines = shutil.get_terminal_size()
    return columns, max(min(_ROWS, lines - _ROWS_AROUND), _LEAST_ROWS)
