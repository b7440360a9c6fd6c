"""Rules of retention as an operator writes them: ``retention_stream`` of the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from logql.errors import QueryError
from logql.syntax import parse_selector
from server.config.kinds import WHOLE_DURATION, Kind, from_json, whole

__all__ = ["RETENTION_RULES", "StreamRetention"]

_FIELDS = {"selector", "priority", "period"}
_PRIORITY = whole(0)
_HELP = "write a list of {selector: '{app=\"x\"}', priority: 1, period: 24h}"


@dataclass(frozen=True, slots=True)
class StreamRetention:
    """Streams that ``selector`` selects are kept for ``period_s``; 0 is for ever."""

    selector: str
    priority: int
    period_s: int


def _read(raw: Any) -> tuple[StreamRetention, ...]:
    """A YAML list, or the same as JSON in one text."""
    raw = from_json(raw, [], _HELP)
    if not isinstance(raw, list):
        raise ValueError(f"{raw!r} is not a list of rules: {_HELP}")
    return tuple(_rule(item) for item in raw)


def _rule(item: Any) -> StreamRetention:
    if not isinstance(item, dict) or not {"selector", "period"} <= item.keys() <= _FIELDS:
        raise ValueError(f"{item!r} is not a rule: {_HELP}")
    selector = str(item["selector"])
    try:
        parse_selector(selector)
    except QueryError as error:
        raise ValueError(f"the selector {selector} is wrong: {error}") from None
    return StreamRetention(selector, _PRIORITY.read(item.get("priority", 0)), WHOLE_DURATION.read(item["period"]))


def _show(rules: tuple[StreamRetention, ...]) -> list[dict[str, Any]]:
    return [
        {"selector": rule.selector, "priority": rule.priority, "period": WHOLE_DURATION.show(rule.period_s)}
        for rule in rules
    ]


RETENTION_RULES = Kind("list of rules", _read, _show)
