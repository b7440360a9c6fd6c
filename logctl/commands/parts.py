"""``logctl parts``: what a tenant has on the stores."""

from __future__ import annotations

import argparse
import json
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.options import Connection, Display
from logctl.table import size_text, table_lines

__all__ = ["add_arguments", "run"]

_HEADS = ("from", "to", ">lines", ">streams", ">chunks", ">bytes", ">stored", ">filters", "store", "part")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(args: argparse.Namespace) -> int:
    """Print one part a line, oldest first, and a sum; as JSON objects with ``-o jsonl`` or ``-o json``."""
    display = Display.from_args(args)
    parts = sorted(Api(Connection.from_args(args)).parts(), key=lambda part: (int(part["min_ts"]), part["key"]))
    if display.output in ("json", "jsonl"):
        for part in parts:
            print(json.dumps(part))
        return 0
    zone = times.parse_zone(display.zone_name)
    for line in table_lines(_HEADS, [_row(part, zone) for part in parts]):
        print(line)
    print(_sum(parts))
    return 0


def _row(part: dict[str, Any], zone: Any) -> list[str]:
    moments = (times.format_moment(int(part[name]), zone, digits=0) for name in ("min_ts", "max_ts"))
    counts = (str(part[name]) for name in ("rows", "streams", "chunks"))
    sizes = (size_text(part[name]) for name in ("line_bytes", "stored_bytes", "index_bytes"))
    return [*moments, *counts, *sizes, part["store"], part["key"]]


def _sum(parts: list[dict[str, Any]]) -> str:
    rows, line_bytes, stored_bytes, index_bytes = (
        sum(part[name] for part in parts) for name in ("rows", "line_bytes", "stored_bytes", "index_bytes")
    )
    share = (stored_bytes + index_bytes) / line_bytes if line_bytes else 0.0
    sizes = f"{size_text(line_bytes)} of lines in {size_text(stored_bytes)} and {size_text(index_bytes)} of filters"
    return f"{len(parts)} parts: {rows} lines, {sizes} ({share:.2f} of the lines)"
