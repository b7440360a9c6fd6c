"""Entry point of ``logctl``: finds the command, runs it, and turns every failure into one line and a status."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from logctl import options
from logctl.errors import CommandError
from logctl.registry import COMMANDS, Command, Examples

__all__ = ["main"]

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status: 0, 1 for failures, 2 for wrong usage."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A log line may hold what the terminal's encoding cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        args = _parser().parse_args(argv)
        command: Command = args.command
        status = command.run(args)
        sys.stdout.flush()
        return status
    except CommandError as error:
        print(f"logctl: {' '.join(str(error).split())}", file=sys.stderr)
        return error.status
    except BrokenPipeError:
        # The reader has seen enough; the interpreter would complain when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED


class _CommandParser(argparse.ArgumentParser):
    """A subparser that imports its command when it is used."""

    command: Command | None = None

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        if self.command is not None:
            self.set_defaults(command=self.command)
            if self.command.is_client:
                options.add_arguments(self)
            self.command.add_arguments(self)
            if examples := self.command.examples:
                self.formatter_class = argparse.RawDescriptionHelpFormatter
                self.epilog = _told(examples)
        return super().parse_known_args(args, namespace)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="logctl",
        description="Serve and ask a log store that speaks Grafana Loki's HTTP API.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"logctl {_version()}")
    options.add_arguments(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_CommandParser)
    for command in COMMANDS:
        subparser = commands.add_parser(command.name, help=command.summary, allow_abbrev=False)
        subparser.command = command
    return parser


def _told(examples: Examples) -> str:
    return "examples:\n" + "\n".join(f"  {line}\n      {text}" for line, text in examples)


def _version() -> str:
    try:
        return metadata.version("skaldlog")
    except metadata.PackageNotFoundError:
        return "of a source tree"


if __name__ == "__main__":
    sys.exit(main())
