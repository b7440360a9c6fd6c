"""``logctl explain``: what the server would read and do for a query, without doing it."""

from __future__ import annotations

import argparse
import json

from logctl import times
from logctl.api import Api
from logctl.errors import UsageError
from logctl.options import Connection, Display
from logctl.range_parameters import add_arguments as add_range_arguments
from logctl.range_parameters import range_parameters
from logctl.terminal import is_terminal, visible

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    add_range_arguments(parser)
    parser.add_argument("--limit", type=int, default=30, metavar="N", help="as if N log lines were wanted (default 30)")


def run(args: argparse.Namespace) -> int:
    """Print the plan; as one JSON object with ``-o json`` and ``-o jsonl``."""
    if args.limit < 1:
        raise UsageError("--limit must be at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    parameters = [*range_parameters(args), ("limit", str(args.limit)), *window.parameters()]
    plan = Api(Connection.from_args(args)).explain(parameters)
    if display.output in ("json", "jsonl"):
        del plan["text"]
        print(json.dumps(plan, ensure_ascii=False, indent=2 if display.output == "json" else None))
        return 0
    text = plan["text"]
    print("\n".join(map(visible, text.split("\n"))) if is_terminal() else text)
    return 0
