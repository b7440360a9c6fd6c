"""``logctl retention``: drop what has expired now, or only tell what would go."""

from __future__ import annotations

import argparse
import json

from logctl import times
from logctl.api import Api
from logctl.options import Connection, Display
from logctl.table import size_text, table_lines

__all__ = ["add_arguments", "run"]

_HEADS = ("action", ">lines", ">stored", "from", "to", "reason", "part")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("--dry-run", action="store_true", help="only tell what would go")


def run(args: argparse.Namespace) -> int:
    """Print what goes, one part a line; nothing when nothing does."""
    display = Display.from_args(args)
    api = Api(Connection.from_args(args))
    steps = api.retention()
    if not args.dry_run:
        api.keep_now()
    if display.output in ("json", "jsonl"):
        for step in steps:
            print(json.dumps(step))
        return 0
    zone = times.parse_zone(display.zone_name)
    rows = [
        [
            step["action"],
            str(step["rows"]),
            size_text(step["stored_bytes"]),
            *(times.format_moment(int(step[name]), zone, digits=0) for name in ("min_ts", "max_ts")),
            step["reason"],
            step["key"],
        ]
        for step in steps
    ]
    for line in table_lines(_HEADS, rows) if rows else ():
        print(line)
    return 0
