"""Times below a chart: as little of them as tells neighbours apart, and the whole span once."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

__all__ = ["moment_text", "span_text", "time_form"]

_SHORT_MS = 10_000
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS


def time_form(span_ms: int) -> str:
    """The form of labels for a chart of so long a time, for ``moment_text``."""
    if span_ms < _SHORT_MS:
        return "%H:%M:%S.%f"
    if span_ms < 2 * _HOUR_MS:
        return "%H:%M:%S"
    return "%H:%M" if span_ms < _DAY_MS else "%m-%d %H:%M"


def moment_text(ts_ms: int, form: str, zone: tzinfo | None) -> str:
    """With milliseconds where the form asks for fractions."""
    seconds, milliseconds = divmod(ts_ms, 1000)
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone).replace(microsecond=milliseconds * 1000)
    text = moment.strftime(form)
    return text[:-3] if form.endswith("%f") else text


def span_text(first_ms: int, last_ms: int, zone: tzinfo | None) -> str:
    """Both ends with their zone."""
    form = "%Y-%m-%d %H:%M:%S"
    ends = [moment_text(ts_ms, f"{form} %z", zone) for ts_ms in (first_ms, last_ms)]
    return ends[0] if first_ms == last_ms else " to ".join(ends)
