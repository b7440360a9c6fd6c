"""Copying a data folder while its server goes on.

The log before the parts: what a flush moves meanwhile from one to the other is then in both copies, and a start takes
it once. A part that a merge replaces meanwhile is found again in the merged one, which names it. So the copy has every
row that was acknowledged before it began. Delete requests before both: one that is carried out meanwhile is carried out
again on the copy, which may have its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from storage.backup.manifest import MIRRORED, Copied, Manifest, manifests_of
from storage.errors import StorageError
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.progress import Progress, silent
from storage.stores import OPERATING_SYSTEM, DiskStore, Files, Store, copy

__all__ = ["FOLDERS", "back_up"]

_LOG, _PARTS = "wal", "parts"
# In the order of copying. Indexes of parts in a bucket are copied, the bucket's own objects are not.
FOLDERS = ("deletes", _LOG, _PARTS, MIRRORED)
_MOST_ROUNDS = 10


def back_up(
    root: Path, target: Store, now_s: float, progress: Progress = silent, files: Files = OPERATING_SYSTEM
) -> Manifest:
    """Copy the data folder ``root``; a complete new backup in ``target`` on return.

    Raises OSError: then no backup was added, and what was copied already need not be copied again.
    """
    work = _Backup(target, Manifest.begin(now_s), _shared_before(target), progress)
    for folder in FOLDERS:
        work.folder(DiskStore(root / folder, files), folder)
    manifest = replace(work.manifest, objects=tuple(work.objects.values()))
    target.put(manifest.key, manifest.to_bytes())
    return manifest


def _shared_before(target: Store) -> Mapping[str, Copied]:
    """The parts' objects in the newest backup that can be read, by their names in the data folder."""
    for key in reversed(manifests_of(target)):
        try:
            objects = Manifest.read(target, key).objects
            return {each.name: each for each in objects if each.name.startswith(_PARTS + "/")}
        except (StorageError, OSError):
            continue
    return {}


class _Backup:
    """One run. ``objects`` by their names in the data folder."""

    def __init__(self, target: Store, manifest: Manifest, before: Mapping[str, Copied], progress: Progress) -> None:
        self._target, self.manifest, self._before, self._progress = target, manifest, before, progress
        self.objects: dict[str, Copied] = {}
        self._done = self._total = 0

    def folder(self, store: DiskStore, folder: str) -> None:
        """All that is there when a round begins and ends; what vanishes between is in what has come."""
        for _ in range(_MOST_ROUNDS):
            keys = [key for key in store.list() if f"{folder}/{key}" not in self.objects]
            self._total += sum(_size(store, key) for key in keys)
            vanished = [key for key in sorted(keys, key=_data_first) if not self._one(store, folder, key)]
            if not vanished or folder == _LOG:
                return
        raise OSError(f"{folder} changes faster than it can be copied: {vanished[0]}")

    def _one(self, store: DiskStore, folder: str, key: str) -> bool:
        """Whether the object was still there."""
        name = f"{folder}/{key}"
        # Parts hardly ever change, but an index does when its part is dropped or it is made again; log files grow,
        # requests and mirrored indexes are rewritten. What an older backup has must stay as it is.
        known = self._before.get(name)
        target_key = name if folder == _PARTS and known is None else f"{self.manifest.id}/{name}"
        try:
            size_bytes = _size(store, key)
            if known is None or known.stored_bytes != size_bytes:
                known = Copied(name, target_key, *copy(store, key, self._target, target_key))
        except FileNotFoundError:
            return False
        self.objects[name] = known
        self._done += known.stored_bytes
        self._progress(self._done, max(self._total, self._done))
        return True


def _data_first(key: str) -> tuple[str, bool]:
    """A part's data before its index, as when it was written."""
    return key.removesuffix(ARROW_SUFFIX).removesuffix(INDEX_SUFFIX), key.endswith(INDEX_SUFFIX)


def _size(store: DiskStore, key: str) -> int:
    """0 for what has gone meanwhile."""
    try:
        with store.open(key) as file:
            return int(file.size())
    except FileNotFoundError:
        return 0
