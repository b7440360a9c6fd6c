"""All delete requests, durable: one object each, ``TENANT/ID.json``, rewritten when its state changes.

A request is acted upon only after it is on the store, so a restart hides what was hidden before.
"""

from __future__ import annotations

import logging
import threading

from storage.deletes.request import DeleteRequest, DeleteState
from storage.errors import CorruptData
from storage.part import tenant_folder
from storage.stores import Store

__all__ = ["DeleteJournal"]

logger = logging.getLogger(__name__)

_SUFFIX = ".json"


class DeleteJournal:
    """Thread-safe. ``load`` before anything else."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str], DeleteRequest] = {}
        self._pending: dict[str, tuple[DeleteRequest, ...]] = {}

    def load(self) -> int:
        """Read what earlier runs left; answers how many objects could not be read. The damaged are set aside."""
        keys = [key for key in self._store.list() if key.endswith(_SUFFIX)]
        requests = [self._read(key) for key in keys]
        for request in requests:
            if request is not None:
                self._requests[request.tenant, request.id] = request
        self._note_pending()
        return requests.count(None)

    def of(self, tenant: str) -> list[DeleteRequest]:
        """All requests of a tenant, oldest first."""
        with self._lock:
            own = [request for (owner, _), request in self._requests.items() if owner == tenant]
        return sorted(own, key=lambda request: (request.created_ns, request.id))

    def find(self, tenant: str, request_id: str) -> DeleteRequest | None:
        return self._requests.get((tenant, request_id))

    def pending(self, tenant: str) -> tuple[DeleteRequest, ...]:
        """Requests whose rows are still there. Without the lock, because every query asks."""
        return self._pending.get(tenant, ())

    def put(self, request: DeleteRequest) -> None:
        """Add a request or replace it by its new state; durable on return. Raises OSError with nothing changed."""
        with self._lock:
            self._store.put(_key(request), request.to_bytes())
            self._requests[request.tenant, request.id] = request
            self._note_pending()

    def remove(self, request: DeleteRequest) -> None:
        """Forget a request: its rows are seen again. Raises OSError with nothing changed."""
        with self._lock:
            self._store.delete(_key(request))
            self._requests.pop((request.tenant, request.id), None)
            self._note_pending()

    def _read(self, key: str) -> DeleteRequest | None:
        try:
            return DeleteRequest.from_bytes(self._content(key), key)
        except CorruptData as error:
            logger.error("delete request set aside as %s: %s", self._store.quarantine(key), error)
        except OSError as error:
            logger.error("delete request %s cannot be read, its rows are seen again: %s", key, error)
        return None

    def _content(self, key: str) -> bytes:
        """Asked for twice, because rows that were deleted would be seen again for an error that passes."""
        try:
            return self._store.get(key)
        except OSError:
            return self._store.get(key)

    def _note_pending(self) -> None:
        pending: dict[str, tuple[DeleteRequest, ...]] = {}
        for request in sorted(self._requests.values(), key=lambda each: (each.created_ns, each.id)):
            if request.state is not DeleteState.PROCESSED:
                pending[request.tenant] = (*pending.get(request.tenant, ()), request)
        self._pending = pending


def _key(request: DeleteRequest) -> str:
    return f"{tenant_folder(request.tenant)}/{request.id}{_SUFFIX}"
