"""The thread that does what policies ask for, now and then, for one tenant after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from storage.deletes import DeleteRequest, Hiding
from storage.errors import StorageError
from storage.keeping.erase import Eraser
from storage.keeping.expire import expire
from storage.keeping.move import move_old_parts
from storage.merge import Merger
from storage.part import Stores
from storage.policies import Policies
from storage.retention import Retention, Step, plan_retention
from storage.settings import StorageSettings
from storage.tenant import Tenant

__all__ = ["Keeper"]

logger = logging.getLogger(__name__)

_NS = 10**9


class Keeper:
    """Erases, expires and moves. ``run_once`` does it all now; ``start`` does it every ``keep_interval_s``."""

    def __init__(
        self,
        settings: StorageSettings,
        stores: Stores,
        policies: Policies,
        hiding: Hiding,
        merger: Merger,
        now_s: Callable[[], float],
    ) -> None:
        self._settings, self._stores, self._policies = settings, stores, policies
        self._journal, self._merger, self._now_s = hiding.journal, merger, now_s
        self._eraser = Eraser(hiding, merger)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self.failures = self.expired = self.moved = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is being done is finished first."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def metrics(self) -> Mapping[str, float]:
        return {
            "parts_expired_total": self.expired,
            "parts_moved_total": self.moved,
            "keeping_failures_total": self.failures,
        }

    def planned(self, tenant: Tenant) -> list[Step]:
        """What retention would take from the stores now."""
        return self._planned(tenant, self._policies.retention(tenant.name), self._now_ns)

    def run_once(self) -> None:
        """For every tenant; what fails is logged, counted and tried again the next time."""
        for tenant in list(self._merger.tenants()):
            for work in (self._erase, self._expire, self._move):
                if self._stopping.is_set():
                    return
                try:
                    with self._merger.exclusive():
                        work(tenant)
                except (OSError, StorageError) as error:
                    self.failures += 1
                    logger.error("tenant %s: %s fails and is tried again: %s", tenant.name, work.__name__[1:], error)

    def _erase(self, tenant: Tenant) -> None:
        self._eraser.erase(
            tenant, [each for each in self._journal.pending(tenant.name) if self._is_final(each)], self._now_s()
        )

    def _is_final(self, request: DeleteRequest) -> bool:
        window_ns = self._policies.erase_after_ns(request.tenant)
        return window_ns is not None and self._now_ns - request.created_ns >= window_ns

    def _expire(self, tenant: Tenant) -> None:
        retention, now_ns = self._policies.retention(tenant.name), self._now_ns
        self.expired += expire(tenant, self._planned(tenant, retention, now_ns), retention, now_ns, self._merger)

    def _planned(self, tenant: Tenant, retention: Retention, now_ns: int) -> list[Step]:
        indexes = [part.index for part in tenant.parts]
        return plan_retention(indexes, retention, now_ns, self._policies.max_bytes(tenant.name))

    def _move(self, tenant: Tenant) -> None:
        if self._stores.cold is None or not self._settings.cold_after_s:
            return
        older_than_ns = self._now_ns - int(self._settings.cold_after_s * _NS)
        self.moved += move_old_parts(tenant, self._stores.hot, self._stores.cold, older_than_ns)

    @property
    def _now_ns(self) -> int:
        return int(self._now_s() * _NS)

    def _run(self) -> None:
        while not self._stopping.wait(self._settings.keep_interval_s):
            try:
                self.run_once()
            except Exception:  # whatever it is, the next round needs this thread
                self.failures += 1
                logger.exception("keeping fails and is tried again")
