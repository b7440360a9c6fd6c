"""Looking after a data folder from the command line: checks, backups, restoring. No server is needed for any of it."""

from __future__ import annotations

import time
from pathlib import Path

from logql.patterns import PatternMiner
from server.config import Settings
from storage.backup import Manifest, back_up, restore
from storage.errors import StorageError
from storage.fsck import Finding, Report, check_folder
from storage.part import open_stores
from storage.part.sections import builders_with
from storage.progress import Progress
from storage.stores import DiskStore, FolderLock

__all__ = ["Finding", "Manifest", "Report", "UpkeepError", "backup_folder", "check", "restore_folder"]


class UpkeepError(Exception):
    """What went wrong, in one line."""


def check(settings: Settings, rebuild: bool, progress: Progress) -> Report:
    """Check all files of the data folder; ``rebuild`` makes lost indexes again. Raises UpkeepError."""
    root = Path(settings.data_dir)
    _require_folder(root)
    try:
        lock = FolderLock(root) if rebuild else None
        try:
            builders = builders_with(PatternMiner)
            return check_folder(root, open_stores(root, settings.storage), rebuild, progress, builders)
        finally:
            if lock is not None:
                lock.release()
    except OSError as error:
        raise UpkeepError(f"cannot check {root}: {_reason(error)}") from error


def backup_folder(settings: Settings, target: Path, progress: Progress) -> Manifest:
    """Copy the data folder to ``target``, beside earlier backups; a server may be using it. Raises UpkeepError."""
    root = Path(settings.data_dir)
    _require_folder(root)
    try:
        return back_up(root, DiskStore(target.absolute()), time.time(), progress)
    except (OSError, StorageError) as error:
        raise UpkeepError(f"cannot back {root} up to {target}: {_reason(error)}") from error


def restore_folder(settings: Settings, source: Path, backup_id: str, progress: Progress) -> Manifest:
    """Write a backup to the data folder, which must be new or empty. Raises UpkeepError."""
    if not source.is_dir():
        raise UpkeepError(f"there is no backup in {source}")
    try:
        return restore(DiskStore(source.absolute()), Path(settings.data_dir).absolute(), backup_id, progress)
    except (OSError, StorageError) as error:
        raise UpkeepError(f"cannot restore to {settings.data_dir}: {_reason(error)}") from error


def _require_folder(root: Path) -> None:
    if not root.is_dir():
        raise UpkeepError(f"there is no data folder {root}: name it with --data DIR")


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
