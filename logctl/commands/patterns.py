"""``logctl patterns``: what lines look like, and how many look like it."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.errors import UsageError
from logctl.options import Connection, Display
from logctl.selector import with_braces
from logctl.terminal import is_terminal, visible

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("""logctl patterns '<job="inference">'""", "what lines look like, the commonest first"),
    ("""logctl patterns '<job="inference">' --since 24h -o json""", "for another program"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help='a selector, <model="x"> or {model="x"}')
    parser.add_argument("--limit", type=int, default=30, metavar="N", help="print the N commonest (default 30)")
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print a pattern a line behind its count; as they come, by level and time, with ``-o json`` and ``-o jsonl``."""
    if args.limit < 1:
        raise UsageError("--limit must be at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    found = Api(Connection.from_args(args)).patterns([("query", with_braces(args.query)), *window.parameters()])
    if display.output in ("json", "jsonl"):
        for pattern in found:
            print(json.dumps(pattern, ensure_ascii=False))
        return 0
    _show(found, args.limit)
    return 0


def _show(found: list[dict[str, Any]], limit: int) -> None:
    """Levels and times of a pattern together."""
    counts: Counter[str] = Counter()
    for pattern in found:
        counts[pattern["pattern"]] += sum(count for _, count in pattern["samples"])
    commonest = counts.most_common(limit)
    width = max((len(str(count)) for _, count in commonest), default=0)
    for text, count in commonest:
        print(f"{count:>{width}}  {visible(text) if is_terminal() else text}")
