"""All delete requests, durable: ``TENANT/ID.json`` and its copy ``TENANT/ID.copy``, rewritten when a state changes.

A request is acted upon only after it is on the store, so a restart hides what was hidden before. With one object alone
a damaged sector would show deleted rows again; what is lost of the two is made again at the next start.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping

from storage.deletes.request import DeleteRequest, DeleteState
from storage.errors import CorruptData
from storage.part import tenant_folder
from storage.stores import Store

__all__ = ["DeleteJournal", "objects_by_request"]

logger = logging.getLogger(__name__)

_SUFFIX, _COPY = ".json", ".copy"
_SUFFIXES = (_SUFFIX, _COPY)


class DeleteJournal:
    """Thread-safe. ``load`` before anything else."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str], DeleteRequest] = {}
        self._pending: dict[str, tuple[DeleteRequest, ...]] = {}

    def load(self) -> int:
        """Read what earlier runs left; answers how many objects could not be read. The damaged are set aside."""
        self._remove_temporary()
        present = set(self._store.list())
        damaged = 0
        for objects in objects_by_request(present):
            found = {key: self._read(key) for key in objects if key in present}
            damaged += list(found.values()).count(None)
            request = next((each for each in found.values() if each is not None), None)
            if request is None:
                logger.error("delete request %s is lost, its rows are seen again", objects[0])
                continue
            self._requests[request.tenant, request.id] = request
            self._make_again(request, found)
        self._note_pending()
        return damaged

    def of(self, tenant: str) -> list[DeleteRequest]:
        """All requests of a tenant, oldest first."""
        with self._lock:
            own = [request for (owner, _), request in self._requests.items() if owner == tenant]
        return sorted(own, key=lambda request: (request.created_ns, request.id))

    def all(self) -> list[DeleteRequest]:
        with self._lock:
            return list(self._requests.values())

    def find(self, tenant: str, request_id: str) -> DeleteRequest | None:
        return self._requests.get((tenant, request_id))

    def pending(self, tenant: str) -> tuple[DeleteRequest, ...]:
        """Requests whose rows are still there. Without the lock, because every query asks."""
        return self._pending.get(tenant, ())

    def put(self, request: DeleteRequest) -> None:
        """Add a request or replace it by its new state; durable on return. Raises OSError with nothing changed."""
        with self._lock:
            self._store.put(_key(request), request.to_bytes())
            self._put_again(request, _COPY)
            self._requests[request.tenant, request.id] = request
            self._note_pending()

    def remove(self, request: DeleteRequest) -> None:
        """Forget a request: its rows are seen again. Raises OSError with nothing changed."""
        with self._lock:
            self._store.delete(_key(request, _COPY))  # first: alone it would stand for a request that was damaged
            self._store.delete(_key(request))
            self._requests.pop((request.tenant, request.id), None)
            self._note_pending()

    def _read(self, key: str) -> DeleteRequest | None:
        try:
            return DeleteRequest.from_bytes(self._content(key), key)
        except CorruptData as error:
            logger.error("delete request set aside as %s: %s", self._store.quarantine(key), error)
        except OSError as error:
            logger.error("delete request %s cannot be read: %s", key, error)
        return None

    def _make_again(self, request: DeleteRequest, found: Mapping[str, DeleteRequest | None]) -> None:
        for suffix in _SUFFIXES:
            if found.get(_key(request, suffix)) != request:
                self._put_again(request, suffix)

    def _put_again(self, request: DeleteRequest, suffix: str) -> None:
        """With one of the two there, the other one may come later."""
        try:
            self._store.put(_key(request, suffix), request.to_bytes())
        except OSError as error:
            logger.error("%s cannot be written, the next start tries again: %s", _key(request, suffix), error)

    def _remove_temporary(self) -> None:
        try:
            self._store.remove_temporary()
        except OSError as error:
            logger.error("cannot remove what an interrupted write left: %s", error)

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


def objects_by_request(present: Iterable[str]) -> list[tuple[str, str]]:
    """The two objects that each request should have of which there is one, the leading one first."""
    names = {key.removesuffix(end) for key in present for end in _SUFFIXES if key.endswith(end)}
    return [(name + _SUFFIX, name + _COPY) for name in sorted(names)]


def _key(request: DeleteRequest, suffix: str = _SUFFIX) -> str:
    return f"{tenant_folder(request.tenant)}/{request.id}{suffix}"
