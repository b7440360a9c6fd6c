"""The tree of parsers behind the command line: global options, and a parser for each command of the table."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import metadata

from logctl import options
from logctl.registry import COMMANDS, Command, Examples

__all__ = ["CommandParser", "command_parser"]


class CommandParser(argparse.ArgumentParser):
    """A subparser that imports its command when it is used."""

    command: Command | None = None
    _is_loaded = False

    def load(self) -> None:
        """Declare the arguments of the command, once. Raises CommandError when its packages are not installed."""
        if self.command is None or self._is_loaded:
            return
        self._is_loaded = True
        self.set_defaults(command=self.command)
        if self.command.is_client:
            options.add_arguments(self)
        self.command.add_arguments(self)
        if examples := self.command.examples:
            self.formatter_class = argparse.RawDescriptionHelpFormatter
            self.epilog = _told(examples)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        self.load()
        return super().parse_known_args(args, namespace)


def command_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="logctl",
        description="Serve and ask a log store that speaks Grafana Loki's HTTP API.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"logctl {_version()}")
    options.add_arguments(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=CommandParser)
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
