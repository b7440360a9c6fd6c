"""Entry point of ``logctl``: finds the command, runs it, and turns every failure into one line and a status."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from logctl.errors import CommandError
from logctl.parser import command_parser
from logctl.registry import Command

__all__ = ["main"]

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status: 0, 1 for failures, 2 for wrong usage."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A log line may hold what the terminal's encoding cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        args = command_parser().parse_args(argv)
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
