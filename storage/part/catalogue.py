"""All parts of a store at start. An index that is lost or damaged is made again from its Arrow file.

An Arrow file without an index is complete, for it appears whole or not at all: its flush was cut short before the
index, and rebuilding finishes it. Its ``wal_sequence`` keeps the log from restoring the same rows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from storage.errors import CorruptData, StorageError, UnsupportedFormat
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.part.part import Part
from storage.part.rebuild import rebuild_index
from storage.stores import BucketError, Store

__all__ = ["Catalogue", "load_catalogue"]

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Catalogue:
    """The readable parts, in the order in which their rows came, and how many objects were not as they should be."""

    parts: list[Part] = field(default_factory=list)
    damaged_objects: int = 0


def load_catalogue(store: Store) -> Catalogue:
    """Every part that can be read. Damaged objects are set aside, logged and counted; OSErrors too.

    Raises OSError when the store cannot be listed, and BucketError when it would answer later: the log would be judged
    without the parts that are left out.
    """
    keys = set(store.list())
    catalogue = Catalogue()
    for key in sorted({key.removesuffix(s) for s in (ARROW_SUFFIX, INDEX_SUFFIX) for key in keys if key.endswith(s)}):
        part = _load(store, key, keys, catalogue)
        if part is not None:
            catalogue.parts.append(part)
    # Entries of one nanosecond are answered in the order in which they came, also after a restart.
    catalogue.parts.sort(key=lambda part: part.index.wal_sequence)
    return catalogue


def _load(store: Store, key: str, keys: set[str], catalogue: Catalogue) -> Part | None:
    arrow_key, index_key = key + ARROW_SUFFIX, key + INDEX_SUFFIX
    try:
        if arrow_key not in keys:
            raise CorruptData(index_key, 0, f"its data {arrow_key} is missing")
        if index_key in keys:
            return Part.load(store, index_key)
        logger.warning("part %s has no index: making it from the data", key)
    except UnsupportedFormat as error:
        catalogue.damaged_objects += 1
        logger.error("part %s is left alone, its rows are not readable now: %s", key, error)
        return None
    except OSError as error:
        _raise_if_passing(error)
        catalogue.damaged_objects += 1
        logger.error("the index of part %s cannot be read, so it is made from the data: %s", key, error)
    except StorageError as error:
        _set_aside(store, index_key, error, catalogue)
    return _rebuild(store, key, catalogue) if arrow_key in keys else None


def _rebuild(store: Store, key: str, catalogue: Catalogue) -> Part | None:
    try:
        index, contents = rebuild_index(store, key)
    except CorruptData as error:
        _set_aside(store, key + ARROW_SUFFIX, error, catalogue)
        return None
    except OSError as error:
        _raise_if_passing(error)
        catalogue.damaged_objects += 1
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
