"""``logctl restore``: a backup to a new data folder."""

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
    parser.add_argument("source", type=Path, metavar="DIR", help="where the backups are")
    parser.add_argument("--id", default="", metavar="ID", help="which of them (default: the newest)")


def run(args: argparse.Namespace) -> int:
    """Print what was restored."""
    from server.upkeep import UpkeepError, restore_folder

    settings = settings_from(args)
    if settings is None:
        return 1
    try:
        with progress_bar("restoring") as progress:
            manifest = restore_folder(settings, args.source, args.id, progress)
    except UpkeepError as error:
        raise CommandError(str(error)) from error
    print(f"restored backup {manifest.id}: {len(manifest.objects)} objects, {manifest.stored_bytes} bytes")
    return 0
