"""Backups: a copy of a data folder that a running server may go on writing, and the way back."""

from storage.backup.backup import back_up
from storage.backup.manifest import Manifest, manifests_of
from storage.backup.restore import restore

__all__ = ["Manifest", "back_up", "manifests_of", "restore"]
