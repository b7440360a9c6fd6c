"""How a command that looks after a data folder runs: settings, a bar while it works, then what it found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from logctl.errors import CommandError
from logctl.progress import progress_bar
from logctl.server_settings import settings_from

if TYPE_CHECKING:
    from server.config import Settings
    from server.upkeep import Manifest

__all__ = ["run_upkeep", "warn_of_bucket"]

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


def warn_of_bucket(manifest: Manifest) -> None:
    """On stderr: who restores a backup should not learn only then what is not in it."""
    if manifest.parts_elsewhere:
        print(
            f"{manifest.parts_elsewhere} parts are in the bucket: the backup has their indexes and not their lines; "
            "protect the bucket itself, by versioning or replication",
            file=sys.stderr,
        )
