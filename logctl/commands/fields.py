"""``logctl fields``: the fields that lines and their metadata have, or the values of one."""

from __future__ import annotations

import argparse
import json
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.errors import UsageError
from logctl.options import Connection, Display
from logctl.selector import with_braces
from logctl.terminal import is_terminal, visible

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("""logctl fields '<job="inference">'""", "what fields the newest lines have"),
    ("""logctl fields '<job="inference"> |= "error"' latency_ms""", "the values of one of them"),
)

_HEADINGS = ("FIELD", "TYPE", "VALUES", "FOUND BY")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help='a LogQL log query; a selector may be written <model="x">')
    parser.add_argument("field", nargs="?", help="list the values of this field")
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="print at most N (default 1000)")
    parser.add_argument(
        "--line-limit", type=int, default=100, metavar="N", help="look at the newest N lines (default 100)"
    )
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print a row for each field, or a value a line; JSON with ``-o json`` and ``-o jsonl``."""
    if args.limit < 1 or args.line_limit < 1:
        raise UsageError("--limit and --line-limit must be at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    limits = [("limit", str(args.limit)), ("line_limit", str(args.line_limit))]
    parameters = [("query", with_braces(args.query)), *window.parameters(), *limits]
    api = Api(Connection.from_args(args))
    if args.field is not None:
        _show_values(api.detected_field_values(args.field, parameters), display)
    else:
        _show_fields(sorted(api.detected_fields(parameters), key=lambda field: str(field["label"])), display)
    return 0


def _show_values(values: list[str], display: Display) -> None:
    for value in values:
        print(json.dumps(value, ensure_ascii=False) if display.output in ("json", "jsonl") else _plain(value))


def _show_fields(fields: list[dict[str, Any]], display: Display) -> None:
    if display.output in ("json", "jsonl"):
        for field in fields:
            print(json.dumps(field, ensure_ascii=False))
        return
    if not fields:
        return
    rows = [_HEADINGS, *map(_row, fields)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(field: dict[str, Any]) -> tuple[str, str, str, str]:
    found_by = ", ".join(field["parsers"]) if field["parsers"] else "metadata"
    return _plain(field["label"]), field["type"], str(field["cardinality"]), found_by


def _plain(text: str) -> str:
    return visible(text) if is_terminal() else text
