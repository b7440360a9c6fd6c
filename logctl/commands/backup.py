"""``logctl backup``: copy the data folder, also while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from logctl.server_settings import add_settings_arguments
from logctl.upkeep import run_upkeep, warn_of_bucket

if TYPE_CHECKING:
    from server.upkeep import Manifest

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    add_settings_arguments(parser)
    parser.add_argument(
        "target", type=Path, metavar="DIR", help="where the backups are; what is there is not copied again"
    )


def run(args: argparse.Namespace) -> int:
    """Print the id of the new backup."""
    from server.upkeep import backup_folder

    return run_upkeep(args, "copying", lambda settings, progress: backup_folder(settings, args.target, progress), _show)


def _show(manifest: Manifest) -> int:
    print(f"backup {manifest.id}: {len(manifest.objects)} objects, {manifest.stored_bytes} bytes")
    warn_of_bucket(manifest)
    return 0
