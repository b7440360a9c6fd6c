"""All parts of a store at start. An index that is lost or damaged is made again from its Arrow file.

An Arrow file without an index is complete, for it appears whole or not at all: its flush or merge was cut short before
the index, and rebuilding finishes it. Its ``wal_sequence`` keeps the log from restoring the same rows. What a readable
part replaces is no part any more, whatever of it is still there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.errors import CorruptData, StorageError, UnsupportedFormat
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX, part_keys
from storage.part.part import Part
from storage.part.readers import forget_readers
from storage.part.rebuild import rebuild_index
from storage.part.sections import BUILDERS, Builders
from storage.stores import BucketError, Store

__all__ = ["Catalogue", "Remains", "load_catalogue", "without_replaced"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remains:
    """Objects of a part that is no more: those named ``key``, with either suffix.

    wal_sequence   of an index that must stay while no part says as much of the log's records
    part           whose files may still be open
    """

    store: Store
    key: str
    wal_sequence: int = -1
    part: Part | None = None

    @classmethod
    def of(cls, part: Part, is_dropped: bool = False) -> Remains:
        """Of a part that another one replaced, or that was dropped: then its index says so."""
        return cls(part.store, part.index.key, part.index.wal_sequence if is_dropped else -1, part)

    @property
    def replaces(self) -> frozenset[str]:
        """Keys of other parts, which would be parts again if this index went before their objects."""
        return frozenset() if self.part is None else frozenset(self.part.index.replaces) - {self.key}

    def delete_data(self) -> None:
        """Before the index: data alone would come back to life. Raises OSError."""
        if self.part is not None:
            forget_readers(self.part)
        self.store.delete(self.key + ARROW_SUFFIX)

    def delete_index(self) -> None:
        """Raises OSError."""
        self.store.delete(self.key + INDEX_SUFFIX)


@dataclass(slots=True)
class Catalogue:
    """``parts`` are readable, ``dropped`` ones say so, ``lone`` indexes have no data, ``remains`` must go.

    ``left_out`` are keys of parts that cannot be read now and stay where they are: a later start may be able to.
    """

    parts: list[Part] = field(default_factory=list)
    dropped: list[Part] = field(default_factory=list)
    lone: list[Remains] = field(default_factory=list)
    remains: list[Remains] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    damaged_objects: int = 0

    def leave_out(self, key: str) -> None:
        self.left_out.append(key)
        self.damaged_objects += 1


def load_catalogue(store: Store, builders: Builders = BUILDERS) -> Catalogue:
    """Every part of ``store`` that can be read. Damaged objects are set aside, logged and counted; OSErrors too.
    ``builders`` make the sections of indexes that are made again.

    Raises OSError when the store cannot be listed, and BucketError when it would answer later: the log would be judged
    without the parts that are left out.
    """
    keys = set(store.list())
    catalogue = Catalogue()
    for key in part_keys(keys):
        part = _load(store, key, keys, catalogue, builders)
        if part is None:
            continue
        if part.index.is_dropped:
            catalogue.dropped.append(part)
        elif key + ARROW_SUFFIX not in keys:
            catalogue.lone.append(Remains(store, key))
        else:
            catalogue.parts.append(part)
    return catalogue


def without_replaced(catalogues: Iterable[Catalogue]) -> Catalogue:
    """One catalogue of all stores, in the order in which the rows came, with ``remains`` for what must be deleted.

    A part that was found in two stores is taken from the first: its move was cut short.
    """
    found = Catalogue()
    parts: dict[str, Part] = {}
    for catalogue in catalogues:
        found.damaged_objects += catalogue.damaged_objects
        found.dropped += catalogue.dropped
        found.lone += catalogue.lone
        found.left_out += catalogue.left_out
        for part in catalogue.parts:
            if parts.setdefault(part.index.key, part) is not part:
                # Once the part is merged nothing would tell that its copy is none.
                found.remains.append(Remains.of(part))
    gone = {key for part in (*parts.values(), *found.dropped) for key in part.index.replaces}
    found.remains += [Remains.of(parts[key]) for key in sorted(gone & parts.keys())]
    found.remains += [Remains.of(part, is_dropped=True) for part in found.dropped]
    for lone in found.lone:
        if lone.key in gone or lone.key in parts:
            found.remains.append(lone)
        else:
            missing = CorruptData(lone.key + INDEX_SUFFIX, 0, f"its data {lone.key}{ARROW_SUFFIX} is missing")
            _set_aside(lone.store, lone.key + INDEX_SUFFIX, missing, found)
    # Entries of one nanosecond are answered in the order in which they came, also after a restart.
    kept = (part for key, part in parts.items() if key not in gone)
    found.parts = sorted(kept, key=lambda part: part.index.last_sequence)
    return found


def _load(store: Store, key: str, keys: set[str], catalogue: Catalogue, builders: Builders) -> Part | None:
    arrow_key, index_key = key + ARROW_SUFFIX, key + INDEX_SUFFIX
    try:
        if index_key in keys:
            return Part.load(store, index_key)
        logger.warning("part %s has no index: making it from the data", key)
    except UnsupportedFormat as error:
        catalogue.leave_out(key)
        logger.error("part %s is left alone, its rows are not readable now: %s", key, error)
        return None
    except OSError as error:
        _raise_if_passing(error)
        catalogue.damaged_objects += 1
        logger.error("the index of part %s cannot be read, so it is made from the data: %s", key, error)
    except StorageError as error:
        _set_aside(store, index_key, error, catalogue)
    return _rebuild(store, key, catalogue, builders) if arrow_key in keys else None


def _rebuild(store: Store, key: str, catalogue: Catalogue, builders: Builders) -> Part | None:
    try:
        index, contents = rebuild_index(store, key, builders)
    except CorruptData as error:
        _set_aside(store, key + ARROW_SUFFIX, error, catalogue)
        return None
    except OSError as error:
        _raise_if_passing(error)
        catalogue.leave_out(key)
        logger.error("part %s cannot be read now: %s", key, error)
        return None
    try:
        store.put(key + INDEX_SUFFIX, index.to_bytes(contents))
    except OSError as error:
        logger.error("the index of part %s cannot be written, the next start makes it again: %s", key, error)
    return Part(store, index)


def _raise_if_passing(error: Exception) -> None:
    if isinstance(error, BucketError) and error.is_passing:
        raise error


def _set_aside(store: Store, key: str, cause: StorageError, catalogue: Catalogue) -> None:
    catalogue.damaged_objects += 1
    try:
        logger.error("part object set aside as %s: %s", store.quarantine(key), cause)
    except OSError as error:
        logger.error("damaged part object %s (%s) cannot be set aside: %s", key, cause, error)
