"""How a command that looks after a data folder runs: settings, a bar while it works, then what it found."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from logctl.errors import CommandError
from logctl.progress import progress_bar
from logctl.server_settings import settings_from

if TYPE_CHECKING:
    from server.config import Settings

__all__ = ["run_upkeep"]

Result = TypeVar("Result")
Work = Callable[["Settings", Callable[[int, int], None]], Result]


def run_upkeep(args: argparse.Namespace, title: str, work: Work[Result], show: Callable[[Result], int]) -> int:
    """The status that ``show`` answers, or 1 for wrong settings. Raises CommandError."""
    from server.upkeep import UpkeepError

    settings = settings_from(args)
    if settings is None:
        return 1
    try:
        with progress_bar(title) as progress:
            result = work(settings, progress)
    except UpkeepError as error:
        raise CommandError(str(error)) from error
    return show(result)
