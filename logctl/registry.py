"""The table of commands. A command is the module of its name in ``logctl/commands``.

Modules are imported when their command is used, so that a client command never loads the server.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, cast

from logctl.errors import CommandError

__all__ = ["COMMANDS", "Command", "CommandModule"]


_PACKAGE = "logctl.commands"

Examples = Sequence[tuple[str, str]]


class CommandModule(Protocol):
    """What every command module offers; some have ``EXAMPLES``, too."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; return the exit status. Raises CommandError."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table.

    ``is_client`` says whether the connection and output options belong to it, ``extra`` which packages it needs.
    """

    name: str
    summary: str
    is_client: bool = True
    extra: str = "server"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Import the module and let it declare its arguments. Raises CommandError as ``run``."""
        with self._packages_named():
            self._load().add_arguments(parser)

    @property
    def examples(self) -> Examples:
        """Command lines with what each does, for its help."""
        with self._packages_named():
            return getattr(self._load(), "EXAMPLES", ())

    def run(self, args: argparse.Namespace) -> int:
        """Run it. Raises CommandError, also when the server's packages are not installed."""
        with self._packages_named():
            return self._load().run(args)

    def _load(self) -> CommandModule:
        return cast(CommandModule, importlib.import_module(f"{_PACKAGE}.{self.name.replace('-', '_')}"))

    @contextmanager
    def _packages_named(self) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            if self.is_client:
                raise
            raise CommandError(
                f"{self.name} needs packages that are not installed ({error.name}): "
                f"pip install 'skaldlog[{self.extra}]'"
            ) from error


COMMANDS = (
    Command("serve", "run the server", is_client=False),
    Command("query", "print log lines, or a metric over time"),
    Command("tail", "print log lines as they come"),
    Command("instant-query", "print a metric at one moment"),
    Command("explain", "tell what the server would read for a query"),
    Command("labels", "list label names, or the values of one"),
    Command("series", "list streams"),
    Command("stats", "count the streams, lines and bytes of a selector"),
    Command("volume", "print how many bytes there are by labels"),
    Command("fields", "list the fields that lines have, or the values of one"),
    Command("patterns", "print what lines look like, the commonest first"),
    Command("push", "send lines from files or standard input"),
    Command("run", "run a program and ship its output"),
    Command("spool", "list or send what clients keep on disk"),
    Command("agent", "tail files and the journal as promtail does", is_client=False, extra="agent"),
    Command("check", "explain mistakes of an agent's configuration", is_client=False, extra="agent"),
    Command("canary", "write lines, read them back, and count what is lost"),
    Command("delete", "delete lines, list what was asked for, take it back"),
    Command("parts", "list what is on the stores"),
    Command("retention", "drop what has expired, or tell what would go"),
    Command("token", "make, list and revoke tokens of a server", is_client=False),
    Command("user", "set, list and remove users of a server", is_client=False),
    Command("fsck", "check every file of a data folder", is_client=False),
    Command("backup", "copy a data folder, also while the server runs", is_client=False),
    Command("restore", "write a backup to a new data folder", is_client=False),
    Command("completion", "print what makes a shell complete command lines", is_client=False),
)
