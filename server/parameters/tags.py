"""``X-Query-Tags``: where a query comes from."""

from __future__ import annotations

import re

__all__ = ["is_from_drilldown", "parse_tags"]

_UNSAFE = re.compile(r"[^A-Za-z0-9\-=.@, ]")
_DRILLDOWN = "grafana-lokiexplore-app"


def parse_tags(header: str) -> dict[str, str]:
    """``key=value,key2=value2`` with unsafe characters replaced; what has no ``=`` is left out. Keys in lower case."""
    pairs = (item.partition("=") for item in _UNSAFE.sub("_", header).split(","))
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def is_from_drilldown(header: str | None) -> bool:
    """Drilldown shows the first series with a warning where others get an error."""
    return header is not None and parse_tags(header).get("source", "").lower() == _DRILLDOWN
