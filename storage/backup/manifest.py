"""What belongs to one backup: its objects with sizes and checksums. Written last, it makes the backup exist.

Objects are shared by all backups in one place: parts never change, so the next backup copies only what is new.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import orjson

from storage.errors import CorruptData, UnsupportedFormat
from storage.part.names import INDEX_SUFFIX
from storage.sealed import seal, unseal
from storage.stores import Store

__all__ = ["MANIFESTS", "MIRRORED", "Copied", "Manifest", "manifests_of"]

MANIFESTS = "manifests/"
MIRRORED = "indexes"  # the folder of the indexes of parts in a bucket
_VERSION = 1
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Copied:
    """One object: ``name`` is where it lies in the data folder, ``key`` where in the backup."""

    name: str
    key: str
    stored_bytes: int
    crc32c: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """``id`` is the time at which the backup began, in UTC: ids sort by it."""

    id: str
    objects: tuple[Copied, ...]

    @classmethod
    def begin(cls, now_s: float) -> Manifest:
        milliseconds = int(now_s * 1000) % 1000
        return cls(time.strftime("%Y%m%dT%H%M%S", time.gmtime(now_s)) + f".{milliseconds:03d}Z", ())

    @property
    def key(self) -> str:
        return f"{MANIFESTS}{self.id}{_SUFFIX}"

    @property
    def stored_bytes(self) -> int:
        return sum(each.stored_bytes for each in self.objects)

    @property
    def parts_elsewhere(self) -> int:
        """How many parts were in a bucket: of these it has the indexes and not the rows."""
        return sum(each.name.startswith(MIRRORED + "/") and each.name.endswith(INDEX_SUFFIX) for each in self.objects)

    def to_bytes(self) -> bytes:
        objects = [[each.name, each.key, each.stored_bytes, each.crc32c] for each in self.objects]
        return seal(orjson.dumps({"version": _VERSION, "id": self.id, "objects": objects}))

    @classmethod
    def read(cls, store: Store, key: str) -> Manifest:
        """Raises CorruptData, UnsupportedFormat, OSError."""
        data = unseal(store.get(key), key)
        try:
            document = orjson.loads(data)
            if document["version"] > _VERSION:
                raise UnsupportedFormat(key, document["version"], _VERSION)
            return cls(document["id"], tuple(Copied(*each) for each in document["objects"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptData(key, 0, f"not a manifest of a backup: {error}") from error


def manifests_of(store: Store) -> list[str]:
    """The keys of all complete backups in a place, oldest first."""
    return sorted(key for key in store.list(MANIFESTS) if key.endswith(_SUFFIX))
