"""``step`` and ``interval``: seconds or a duration."""

from __future__ import annotations

from logql.values.prometheus_duration import parse_prometheus_duration
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.numbers import DECIMAL
from server.parameters.times import Window
from server.units import NS
from storage.text import go_quote

__all__ = ["MAX_POINTS", "parse_interval", "parse_seconds_or_duration", "parse_step"]

MAX_POINTS = 11_000
# Without a step, a window is cut into so many.
_DEFAULT_POINTS = 250


def parse_seconds_or_duration(text: str) -> int:
    """Nanoseconds. Raises BadRequest with the reference's text."""
    if DECIMAL.match(text):
        seconds = float(text)
        if abs(seconds) * NS >= 2**63:
            raise BadRequest(f"cannot parse {go_quote(text)} to a valid duration. It overflows int64")
        return int(seconds * NS)
    try:
        return parse_prometheus_duration(text)
    except ValueError:
        raise BadRequest(f"cannot parse {go_quote(text)} to a valid duration") from None


def parse_step(parameters: Parameters, window: Window) -> int:
    """The step in nanoseconds, positive, at most ``MAX_POINTS`` of them in the window."""
    length_ns = window.end_ns - window.start_ns
    text = parameters.first("step")
    step_ns = parse_seconds_or_duration(text) if text else max(length_ns // NS // _DEFAULT_POINTS, 1) * NS
    if step_ns <= 0:
        raise BadRequest("zero or negative query resolution step widths are not accepted. Try a positive integer")
    if length_ns // step_ns > MAX_POINTS:
        raise BadRequest(
            "exceeded maximum resolution of 11,000 points per time series. "
            "Try increasing the value of the step parameter"
        )
    return step_ns


def parse_interval(parameters: Parameters) -> int:
    text = parameters.first("interval")
    interval_ns = parse_seconds_or_duration(text) if text else 0
    if interval_ns < 0:
        raise BadRequest("interval must be >= 0")
    return interval_ns
