"""A backup to a new data folder. Every object is compared with its checksum; nothing is overwritten."""

from __future__ import annotations

import errno
from pathlib import Path

from storage.backup.backup import FOLDERS
from storage.backup.manifest import MANIFESTS, Manifest, manifests_of
from storage.errors import CorruptData
from storage.part import UNFINISHED
from storage.progress import Progress, silent
from storage.stores import OPERATING_SYSTEM, DiskStore, Files, FolderLock, Store, copy

__all__ = ["restore"]


def restore(
    source: Store, root: Path, backup_id: str = "", progress: Progress = silent, files: Files = OPERATING_SYSTEM
) -> Manifest:
    """Write the backup ``backup_id``, the newest one by default, to ``root``, which must be empty or new.

    Raises OSError, CorruptData. After a failure ``root`` is incomplete, and no database opens it: remove it, try again.
    """
    manifest = Manifest.read(source, _chosen(source, backup_id))
    lock = FolderLock(root, files)
    try:
        stores = {folder: DiskStore(root / folder, files) for folder in FOLDERS}
        if any(store.list() for store in stores.values()):
            raise OSError(errno.ENOTEMPTY, "it is not empty: restore into a new folder", str(root))
        folder_itself = DiskStore(root, files)
        folder_itself.put(UNFINISHED, manifest.id.encode())
        done = 0
        for each in manifest.objects:
            folder, _, key = each.name.partition("/")
            found = copy(source, each.key, stores[folder], key)
            if found != (each.stored_bytes, each.crc32c):
                raise CorruptData(each.key, 0, "not what was backed up: size or checksum differ")
            done += each.stored_bytes
            progress(done, manifest.stored_bytes)
        folder_itself.delete(UNFINISHED)
    finally:
        lock.release()
    return manifest


def _chosen(source: Store, backup_id: str) -> str:
    keys = manifests_of(source)
    if not keys:
        raise FileNotFoundError(errno.ENOENT, "no complete backup is there")
    if not backup_id:
        return keys[-1]
    chosen = f"{MANIFESTS}{backup_id}.json"
    if chosen not in keys:
        known = ", ".join(key.removeprefix(MANIFESTS).removesuffix(".json") for key in keys[-5:])
        raise FileNotFoundError(errno.ENOENT, f"no backup {backup_id}; the newest are {known}")
    return chosen
