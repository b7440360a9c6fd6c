"""Merging in the background: one merge at a time, the oldest day first, at its pace and within the room on the disk.

A merge that fails leaves its inputs as they were. What it may have left on the store must be deleted before the same
tenant's parts are replaced again: found at a later start, it would stand for inputs that are long gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storage.errors import CorruptData, StorageError, StorageUnavailable
from storage.merge.choice import Rules, next_run
from storage.merge.hooks import MergeHooks
from storage.merge.merge import Merge
from storage.merge.pace import MergeStopped, Pace
from storage.merge.traffic import Traffic
from storage.part import Part, Remains, index_key, slot_of
from storage.settings import StorageSettings
from storage.source import Source
from storage.tenant import Tenant

__all__ = ["Merger"]

logger = logging.getLogger(__name__)

_CHECK_S = 5.0
_RETRY_S = 60.0
_ROOM_RATIO = 1.5  # an output is smaller than its inputs, but for the columns and sections that it adds


class Merger:
    """Replaces parts by merged ones, as ``hooks`` say. ``logged_bytes`` answers all that was ever pushed: what merges
    by itself stands back while that grows fast."""

    def __init__(
        self,
        settings: StorageSettings,
        tenants: Callable[[], Iterable[Tenant]],
        now_s: Callable[[], float] = time.time,
        hooks: MergeHooks | None = None,
        logged_bytes: Callable[[], int] = lambda: 0,
    ) -> None:
        self._settings, self.tenants, self._now_s = settings, tenants, now_s
        self._hooks = hooks or MergeHooks()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="merger", daemon=True)
        self._traffic = Traffic(logged_bytes, self._part_count)
        self._arrived: dict[str, float] = {}
        self._excluded: set[str] = set()
        self._unfinished: dict[str, Remains] = {}
        self.merges = self.merged_bytes = self.failures = 0

    def start(self) -> None:
        if self._settings.merges:
            self._thread.start()

    def interrupt(self) -> None:
        """A merge that runs is given up soon; ``stop`` comes next."""
        self._stopping.set()

    def stop(self) -> None:
        self.interrupt()
        if self._thread.is_alive():
            self._thread.join()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Within the block only this thread replaces parts."""
        with self._lock:
            yield

    def rewrite(self, tenant: Tenant, part: Part, keep: Callable[[Source], NDArray[np.bool_] | None]) -> Part | None:
        """Put the rows of a part that stay in its place; answers what has them. As ``merge``."""
        return self.merge(tenant, [part], replace(self._hooks, keep=keep))

    def metrics(self) -> Mapping[str, float]:
        return {
            "merges_total": self.merges,
            "merged_bytes_total": self.merged_bytes,
            "merge_failures_total": self.failures,
        }

    def merge_all(self, tenant: Tenant) -> int:
        """Merge all that may be merged, now and as fast as possible; answers how many merges that took.

        Raises StorageUnavailable, with what was merged before merged.
        """
        merges = 0
        with self._lock:
            while run := next_run(tenant.parts, Rules(self._settings, lambda part: True, self._excluded)):
                self.merge(tenant, run, self._hooks)
                merges += 1
        return merges

    def merge(self, tenant: Tenant, inputs: Sequence[Part], hooks: MergeHooks, pace: Pace | None = None) -> Part | None:
        """Put one part in the place of neighbours (or of one), or none if no row is left; answers it.

        As fast as possible unless a ``pace`` is given.

        Raises StorageUnavailable, with the inputs as they were.
        """
        with self._lock:
            try:
                return self._merged(tenant, inputs, hooks, pace or Pace(1.0, self._stopping))
            except (OSError, StorageError, ValueError) as error:
                self.failures += 1
                if not isinstance(error, OSError):
                    self._excluded.update(_damaged(error, inputs))
                raise StorageUnavailable(f"parts cannot be merged, they stay as they are: {error}") from error
            finally:
                tenant.delete_retired()

    def _merged(self, tenant: Tenant, inputs: Sequence[Part], hooks: MergeHooks, pace: Pace) -> Part | None:
        self._delete_unfinished(tenant)
        merge = Merge(inputs, self._settings, hooks)
        output = self._written(tenant, merge, pace)
        tenant.replace(inputs, output)
        self.merges += 1
        self.merged_bytes += sum(part.index.line_bytes for part in inputs)
        return output

    def _written(self, tenant: Tenant, merge: Merge, pace: Pace) -> Part | None:
        store = merge.inputs[0].store
        still_there = tenant.undeleted(key for part in merge.inputs for key in part.index.replaces)
        if merge.key is None:
            for part in merge.inputs:
                store.put(index_key(part.index.key), part.index.dropped(still_there).to_bytes({}))
            return None
        self._unfinished[tenant.name] = Remains(store, merge.key)
        index = merge.write(still_there, pace)
        del self._unfinished[tenant.name]
        return Part(store, index)

    def _part_count(self) -> int:
        return sum(tenant.part_count for tenant in self.tenants())

    def _delete_unfinished(self, tenant: Tenant) -> None:
        remains = self._unfinished.get(tenant.name)
        if remains is not None:
            remains.delete_data()
            remains.delete_index()
            del self._unfinished[tenant.name]

    def _run(self) -> None:
        while not self._stopping.wait(_CHECK_S):
            for tenant in list(self.tenants()):
                if not self._try_merge(tenant):
                    self._stopping.wait(_RETRY_S)

    def _try_merge(self, tenant: Tenant) -> bool:
        """Merge what is due of one tenant; answers whether nothing failed."""
        try:
            with self._lock:
                tenant.delete_retired()
            while self._merged_one(tenant):
                pass
        except MergeStopped:
            return True
        except Exception:  # whatever it is, the other tenants and the next attempt need this thread
            logger.exception("parts of tenant %s are not merged", tenant.name)
            return False
        return True

    def _merged_one(self, tenant: Tenant) -> bool:
        with self._lock:
            run = self._due_run(tenant)
            if run is None or self._traffic.is_heavy() or not self._has_room(run):
                return False
            pace = Pace(self._settings.merge_cpu_share, self._stopping, self._traffic.is_heavy)
            self.merge(tenant, run, self._hooks, pace)
            return True

    def _due_run(self, tenant: Tenant) -> tuple[Part, ...] | None:
        now_s, parts = self._now_s(), tenant.parts
        arrived = {part.index.key: self._arrived.get(part.index.key, now_s) for part in parts}
        others = {key: when for key, when in self._arrived.items() if not key.startswith(tenant.folder + "/")}
        self._arrived = others | arrived
        quiet_s = self._settings.merge_quiet_s

        def is_due(part: Part) -> bool:
            end_s = slot_of(part.index.min_ts, part.index.max_ts).end_s
            return now_s - max(end_s, arrived[part.index.key]) >= quiet_s

        return next_run(parts, Rules(self._settings, is_due, self._excluded))

    def _has_room(self, run: Sequence[Part]) -> bool:
        """For the output beside its inputs, and for the heads that may have to be flushed meanwhile."""
        room_bytes = run[0].store.room_bytes()
        needed_bytes = _ROOM_RATIO * sum(part.index.arrow_bytes for part in run) + self._settings.max_unflushed_bytes
        if room_bytes is not None and room_bytes < needed_bytes:
            logger.warning("no room to merge: %d bytes are free, %d are needed", room_bytes, needed_bytes)
            return False
        return True


def _damaged(error: Exception, inputs: Sequence[Part]) -> set[str]:
    """The keys of the inputs that the error is about: of the one that it names, or of all."""
    named = {part.index.key for part in inputs if isinstance(error, CorruptData) and error.path in part.keys}
    return named or {part.index.key for part in inputs}
