"""A chart: the drawing with its axes, the span of time below it, and a legend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from logctl.plot.axes import ValueAxis, time_lines
from logctl.plot.canvas import Canvas
from logctl.plot.fit import fitted
from logctl.plot.scale import Scale
from logctl.plot.series import PlotSeries, least_distance_ms, runs
from logctl.plot.style import Style
from logctl.plot.time_axis import span_text

__all__ = ["MAX_SERIES", "draw"]

MAX_SERIES = 8  # as many colours and glyphs as a reader can tell apart


def draw(
    all_series: Sequence[PlotSeries], width: int, height: int, style: Style, zone: tzinfo | None = None
) -> list[str]:
    """Lines of at most ``width`` columns, colours not counted; ``height`` (at least 1) is that of the drawing alone.

    The first MAX_SERIES that have points are drawn, and a line says how many are not. ``zone`` None is the local one.
    """
    with_points = [series for series in all_series if series.finite]
    drawn = with_points[:MAX_SERIES]
    if not drawn:
        return [fitted("no points to draw", width, style)]
    times = [ts_ms for series in drawn for ts_ms, _ in series.finite]
    values = [value for series in drawn for _, value in series.finite]
    axis = ValueAxis.of(min(values), max(values), height, width)
    canvas = Canvas(width - axis.width, height, style.is_braille(len(drawn)))
    time_scale = Scale(min(times), max(times), canvas.width)
    _draw_series(canvas, drawn, time_scale, Scale(min(values), max(values), canvas.height, rest=0.5))
    return [
        *axis.beside(canvas.texts(style), style),
        *time_lines(axis, time_scale, width - axis.width, style, zone),
        fitted(span_text(min(times), max(times), zone), width, style),
        *_legend(drawn, width, style),
        *_undrawn(len(with_points) - len(drawn), width, style),
    ]


def _draw_series(canvas: Canvas, drawn: Sequence[PlotSeries], times: Scale, values: Scale) -> None:
    step_ms = least_distance_ms(drawn)
    # From the last to the first, so that the first is never hidden.
    for number, series in reversed(list(enumerate(drawn))):
        for run in runs(series.points, step_ms):
            dots = [(times.dot(ts_ms), canvas.height - 1 - values.dot(value)) for ts_ms, value in run]
            for start, end in zip(dots, dots[1:] or dots, strict=False):
                canvas.line(start, end, number)


def _legend(drawn: Sequence[PlotSeries], width: int, style: Style) -> list[str]:
    is_braille = style.is_braille(len(drawn))
    marks = ["━" if is_braille else style.glyph(number) for number in range(len(drawn))]
    texts = [fitted(f"{mark} {series.name}", width, style) for mark, series in zip(marks, drawn, strict=True)]
    return [style.painted(text[:1], number) + text[1:] for number, text in enumerate(texts)]


def _undrawn(count: int, width: int, style: Style) -> list[str]:
    return [fitted(f"{count} more series not drawn: topk() chooses some", width, style)] if count else []
