"""Hiding the rows of pending deletes from every reader, whatever it reads for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from storage.deletes.hidden import HiddenSource, Hits
from storage.deletes.journal import DeleteJournal
from storage.deletes.request import DeleteRequest
from storage.source import Source

__all__ = ["Hiding"]

logger = logging.getLogger(__name__)


class Hiding:
    """Thread-safe. ``compiled`` turns a request into its hits; it raises ValueError where it cannot."""

    def __init__(self, journal: DeleteJournal, compiled: Callable[[DeleteRequest], Hits]) -> None:
        self.journal, self._compiled = journal, compiled
        self._hits: dict[str, Hits] = {}
        # A stored chunk never changes: which of its rows a request hits is found once, as packed bits.
        self._known: WeakKeyDictionary[Source, dict[str, NDArray[np.uint8] | None]] = WeakKeyDictionary()

    def hide(self, tenant: str, sources: Iterable[Source]) -> tuple[Source, ...]:
        """The sources of a tenant without the rows of its pending requests."""
        pending = self.journal.pending(tenant)
        if not pending:
            return tuple(sources)
        return tuple(self._without(source, pending) for source in sources)

    def hits_of(self, request: DeleteRequest, source: Source) -> NDArray[np.bool_] | None:
        """Which rows of ``source`` the request hits, None when none. May raise what reading raises."""
        if not _overlaps(request, source):
            return None
        if not source.is_stored:
            return self._of(request)(source)
        known = self._known.setdefault(source, {})
        if request.id not in known:
            hit = self._of(request)(source)
            known[request.id] = None if hit is None else np.packbits(hit)
        bits = known[request.id]
        return None if bits is None else np.unpackbits(bits, count=len(source)).view(np.bool_)

    def _without(self, source: Source, pending: tuple[DeleteRequest, ...]) -> Source:
        near = [request for request in pending if _overlaps(request, source) and not self._misses(request, source)]
        if not near:
            return source
        return HiddenSource(source, [partial(self.hits_of, request) for request in near])

    def _misses(self, request: DeleteRequest, source: Source) -> bool:
        """Whether it is known already that the request hits no row."""
        known = self._known.get(source, {}) if source.is_stored else {}
        return request.id in known and known[request.id] is None

    def _of(self, request: DeleteRequest) -> Hits:
        if request.id not in self._hits:
            self._hits[request.id] = self._compiled_or_nothing(request)
        return self._hits[request.id]

    def _compiled_or_nothing(self, request: DeleteRequest) -> Hits:
        try:
            return self._compiled(request)
        except ValueError as error:
            logger.error("delete request %s of tenant %s hides nothing: %s", request.id, request.tenant, error)
            return lambda _: None


def _overlaps(request: DeleteRequest, source: Source) -> bool:
    return source.min_ts <= request.end_ns and source.max_ts >= request.start_ns
