"""``logctl run``: a program whose output is shipped, for those that bring a logger of their own."""

from __future__ import annotations

import argparse
import dataclasses
import os
import socket

from ingest_client import ClientError
from ingest_client.state.directory import default_directory
from ingest_client.wrapper import run_wrapped
from logctl.errors import UsageError
from logctl.options import Connection
from logctl.pairs import pairs_of

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("logctl run --model yolov5s -- trtexec --loadEngine=yolov5s.engine", "shown as ever, shipped beside"),
    ("logctl run --job triton --label site=north -- tritonserver --model-repository=/models", "with another label"),
)
_LABELS = ("job", "host", "model", "gpu", "component", "env")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    for name in _LABELS:
        default = {"job": " (default: the program's name)", "host": " (default: this machine's name)"}.get(name, "")
        parser.add_argument(f"--{name}", metavar="NAME", help=f"label {name}{default}")
    parser.add_argument("--label", action="append", default=[], metavar="NAME=VALUE", help="another label; repeatable")
    parser.add_argument(
        "--directory",
        metavar="DIR",
        help="where lines wait while the server is away (default: INGEST_CLIENT_DIRECTORY, else a folder in"
        " ~/.local/state; empty for memory only)",
    )
    parser.add_argument("program", nargs=argparse.REMAINDER, metavar="-- PROGRAM ...", help="what to run")


def run(args: argparse.Namespace) -> int:
    """Run the program and answer with its status."""
    program = args.program[1:] if args.program[:1] == ["--"] else args.program
    if not program:
        raise UsageError("say what to run: logctl run --model yolov5s -- trtexec --loadEngine=yolov5s.engine")
    named = {name: getattr(args, name) for name in _LABELS}
    labels = {
        "job": os.path.basename(program[0]),
        "host": socket.gethostname(),
        **pairs_of("--label", args.label),
        **{name: value for name, value in named.items() if value},
    }
    directory = default_directory() if args.directory is None else args.directory or None
    settings = Connection.from_args(args).client_settings()
    try:
        return run_wrapped(program, dataclasses.replace(settings, max_tries=None, directory=directory), labels)
    except ClientError as error:
        raise UsageError(str(error)) from error
