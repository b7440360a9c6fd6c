"""``logctl spool``: what clients on this machine keep on disk for servers, and sending it."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from ingest_client import ClientError, PushClient
from ingest_client.state.directory import default_directory
from ingest_client.state.leftovers import Leftover, leftovers_in
from logctl.errors import CommandError, UsageError
from logctl.options import Connection, Display
from logctl.table import size_text, table_lines

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("logctl spool", "what waits in the default directory"),
    (
        "logctl spool drain --addr http://logs:3100 --directory /var/lib/skaldlog-client",
        "send what dead processes left",
    ),
)
_DRAIN_DEADLINE_S = 3_600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("action", nargs="?", choices=("list", "drain"), default="list", help="default: list")
    parser.add_argument(
        "--directory", metavar="DIR", help="default: INGEST_CLIENT_DIRECTORY, else a folder in ~/.local/state"
    )


def run(args: argparse.Namespace) -> int:
    """List, or send what was left for the server and tenant of the connection options."""
    directory = args.directory or default_directory()
    if not directory:
        raise UsageError("say which directory: --directory")
    if args.action == "list":
        for line in _table(leftovers_in(Path(directory))):
            print(line)
        return 0
    lines = _drain(args, directory)
    if not Display.from_args(args).quiet:
        print(f"{lines} lines accepted", file=sys.stderr)
    return 0


def _table(leftovers: list[Leftover]) -> list[str]:
    rows = [
        (
            left.path.name,
            "lives" if left.lines is None else str(left.lines),
            size_text(left.size_bytes),
            left.destination,
        )
        for left in leftovers
    ]
    return list(table_lines(("folder", ">lines", ">size", "for"), rows)) if rows else []


def _drain(args: argparse.Namespace, directory: str) -> int:
    settings = dataclasses.replace(Connection.from_args(args).client_settings(), max_tries=None, directory=directory)
    try:
        client = PushClient(settings, {"job": "logctl"})
    except ClientError as error:
        raise UsageError(str(error)) from error
    client.close(_DRAIN_DEADLINE_S)
    counters = client.counters
    if counters.spooled:
        raise CommandError(f"{counters.spooled} lines are still on disk: the server does not take them now")
    return counters.delivered
