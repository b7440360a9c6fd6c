"""Moving old parts to the bucket: copied whole, then known there, then deleted here.

Cut short at any point it leaves the part on the disk, with a copy in the bucket that the next attempt writes again.
"""

from __future__ import annotations

import logging

from storage.backup.copying import copy
from storage.part import Part
from storage.stores import Store
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
    data_key, index_key = part.keys
    copy(part.store, data_key, cold, data_key)
    cold.put(index_key, part.store.get(index_key))
    moved = Part(cold, part.index)
    moved.verify()
    tenant.replace([part], moved)
    logger.info("tenant %s: part %s moved to the bucket", tenant.name, part.index.key)
