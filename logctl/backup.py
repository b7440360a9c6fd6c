"""``logctl backup``: copy the data folder, also while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from logctl.errors import CommandError
from logctl.progress import progress_bar
from logctl.server_settings import add_settings_arguments, settings_from

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    add_settings_arguments(parser)
    parser.add_argument(
        "target", type=Path, metavar="DIR", help="where the backups are; what is there is not copied again"
    )


def run(args: argparse.Namespace) -> int:
    """Print the id of the new backup."""
    from server.upkeep import UpkeepError, backup_folder

    settings = settings_from(args)
    if settings is None:
        return 1
    try:
        with progress_bar("copying") as progress:
            manifest = backup_folder(settings, args.target, progress)
    except UpkeepError as error:
        raise CommandError(str(error)) from error
    print(f"backup {manifest.id}: {len(manifest.objects)} objects, {manifest.stored_bytes} bytes")
    return 0
