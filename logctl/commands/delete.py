"""``logctl delete create|list|cancel``: lines that must go."""

from __future__ import annotations

import argparse
import json
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.errors import UsageError
from logctl.options import Connection, Display
from logctl.selector import with_braces
from logctl.table import table_lines

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("""logctl delete create '<job="inference"> |= "secret"' --since 24h""", "hide these lines now, erase them later"),
    ("logctl delete list", "what was asked for, and how far it is"),
    ("logctl delete cancel a31aecf9", "take one request back"),
)

_NS = 10**9
_HEADS = ("id", "state", "asked", "from", "to", ">erased", "query")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument(
        "what", choices=("create", "list", "cancel"), help="ask for it, see how far it is, take it back"
    )
    parser.add_argument("argument", nargs="?", help="the log query of the lines that must go, or the id to cancel")
    parser.add_argument("--force", action="store_true", help="cancel also after the cancel period")
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the id of a new request, or the list of all."""
    display = Display.from_args(args)
    api = Api(Connection.from_args(args))
    if args.what == "list":
        _show(api.deletes(), display)
        return 0
    if not args.argument:
        raise UsageError(f"delete {args.what} needs " + ("a query" if args.what == "create" else "the id of a request"))
    if args.what == "cancel":
        api.cancel_delete([("request_id", args.argument), *([("force", "true")] if args.force else [])])
        return 0
    window = times.Window.from_args(args, display.zone_name)
    bounds = [("start", str(window.start_ns // _NS)), ("end", str(window.end_ns // _NS))]
    print(api.delete([("query", with_braces(args.argument)), *bounds]))
    return 0


def _show(requests: list[dict[str, Any]], display: Display) -> None:
    if display.output in ("json", "jsonl"):
        for request in requests:
            print(json.dumps(request, ensure_ascii=False))
        return
    zone = times.parse_zone(display.zone_name)

    def moment(seconds: float) -> str:
        return times.format_moment(int(seconds * _NS), zone, digits=0)

    rows = [
        [
            each["request_id"],
            each["status"],
            *(moment(each[name]) for name in ("created_at", "start_time", "end_time")),
            str(each.get("erased_lines", "")),
            each["query"],
        ]
        for each in requests
    ]
    for line in table_lines(_HEADS, rows) if rows else ():
        print(line)
