"""Series over time as a chart of characters. Pure: values and a size in, lines of text out."""

from logctl.plot.chart import MAX_SERIES, draw
from logctl.plot.series import PlotSeries
from logctl.plot.style import Style

__all__ = ["MAX_SERIES", "PlotSeries", "Style", "draw"]
