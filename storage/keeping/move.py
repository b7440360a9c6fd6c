"""Moving old parts to the bucket: copied whole, then known there, then deleted here.

Cut short at any point it leaves the part on the disk, with a copy in the bucket that the next attempt writes again.
"""

from __future__ import annotations

import logging

from storage.errors import StorageError
from storage.part import Part
from storage.stores import Store, copy
from storage.tenant import Tenant

__all__ = ["move_old_parts"]

logger = logging.getLogger(__name__)


def move_old_parts(tenant: Tenant, hot: Store, cold: Store, older_than_ns: int) -> int:
    """Move the parts whose last row is older; answers how many. Raises OSError."""
    due = [part for part in tenant.parts if part.store is hot and part.index.max_ts < older_than_ns]
    for part in due:
        _move(tenant, part, cold)
    tenant.delete_retired()
    return len(due)


def _move(tenant: Tenant, part: Part, cold: Store) -> None:
    moved = Part(cold, part.index)
    try:
        copy(part.store, part.keys[0], cold, part.keys[0])
        moved.verify()
        cold.put(part.keys[1], part.store.get(part.keys[1]))
    except (OSError, StorageError):
        _take_back(cold, part)
        raise
    tenant.replace([part], moved)
    logger.info("tenant %s: part %s moved to the bucket", tenant.name, part.index.key)


def _take_back(cold: Store, part: Part) -> None:
    """A copy that nobody knows of would come back when the part it was made of is merged and gone."""
    try:
        for key in part.keys:
            cold.delete(key)
    except OSError as error:
        logger.error("the copy of part %s cannot be deleted now: %s", part.index.key, error)
