"""How a command ends badly: one line on stderr and an exit status."""

from __future__ import annotations

__all__ = ["CommandError", "UsageError"]


class CommandError(Exception):
    """The command failed: the text is shown after the program's name, status 1."""

    status = 1


class UsageError(CommandError):
    """An argument makes no sense: status 2, as argparse has it."""

    status = 2
