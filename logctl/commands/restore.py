"""``logctl restore``: a backup to a new data folder."""

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
    parser.add_argument("source", type=Path, metavar="DIR", help="where the backups are")
    parser.add_argument("--id", default="", metavar="ID", help="which of them (default: the newest)")


def run(args: argparse.Namespace) -> int:
    """Print what was restored."""
    from server.upkeep import restore_folder

    return run_upkeep(
        args,
        "restoring",
        lambda settings, progress: restore_folder(settings, args.source, args.id, progress),
        _show,
    )


def _show(manifest: Manifest) -> int:
    print(f"restored backup {manifest.id}: {len(manifest.objects)} objects, {manifest.stored_bytes} bytes")
    warn_of_bucket(manifest)
    return 0
