"""Erasing what delete requests hit, once they can no longer be taken back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storage.deletes import DeleteRequest, DeleteState, Hiding
from storage.merge import Merger
from storage.part import Part
from storage.source import Source
from storage.tenant import Tenant

__all__ = ["Eraser"]

logger = logging.getLogger(__name__)


class Eraser:
    """Rewrites the parts that have rows of a request; when no row is left the request is processed."""

    def __init__(self, hiding: Hiding, merger: Merger) -> None:
        self._journal, self._hiding, self._merger = hiding.journal, hiding, merger

    def erase(self, tenant: Tenant, requests: Sequence[DeleteRequest], now_s: float) -> None:
        """Raises StorageUnavailable, OSError; what was erased before stays erased and is noted."""
        if not requests:
            return
        if any(self._is_hit(source, requests) for source in tenant.sources() if not source.is_stored):
            tenant.flush(now_s)
        for part in tenant.parts:
            if any(self._is_hit(chunk, requests) for chunk in part.chunks):
                self._rewrite(tenant, part, requests)
        if any(self._is_hit(source, requests) for source in tenant.sources()):
            return
        if tenant.is_whole:
            self._finish(tenant, requests, now_s)
        else:
            logger.warning("tenant %s: deletes go on hiding rows of parts that cannot be read now", tenant.name)

    def _rewrite(self, tenant: Tenant, part: Part, requests: Sequence[DeleteRequest]) -> None:
        erased = dict.fromkeys((request.id for request in requests), 0)

        def keep(source: Source) -> NDArray[np.bool_] | None:
            left = np.ones(len(source), np.bool_)
            for request in requests:
                hit = self._hiding.hits_of(request, source)
                if hit is not None:
                    erased[request.id] += int((hit & left).sum())
                    left &= ~hit
            return None if left.all() else left

        self._merger.rewrite(tenant, part, keep)
        for request in requests:
            if erased[request.id]:
                self._note(request, erased[request.id])

    def _note(self, request: DeleteRequest, rows: int) -> None:
        known = self._journal.find(request.tenant, request.id)
        if known is not None:
            self._journal.put(replace(known, erased_rows=known.erased_rows + rows))

    def _finish(self, tenant: Tenant, requests: Sequence[DeleteRequest], now_s: float) -> None:
        for request in requests:
            known = self._journal.find(request.tenant, request.id)
            if known is not None:
                done = replace(known, state=DeleteState.PROCESSED, processed_ns=int(now_s * 1e9))
                self._journal.put(done)
                logger.info("tenant %s: delete request %s erased %d rows", tenant.name, done.id, done.erased_rows)

    def _is_hit(self, source: Source, requests: Sequence[DeleteRequest]) -> bool:
        return any(self._hiding.hits_of(request, source) is not None for request in requests)
