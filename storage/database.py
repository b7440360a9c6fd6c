"""The store as a whole: tenants over one log and one object store, and the thread that flushes them.

Start: adopt the parts, replay the log, then accept rows. Nothing on disk keeps it from starting.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from storage.batch import Batch
from storage.deletes import DeleteJournal, Hiding
from storage.errors import StorageUnavailable
from storage.followers import Follower
from storage.keeping import Keeper, merge_hooks
from storage.merge import Merger
from storage.part import Catalogue, Part, load_catalogue, open_stores, tenant_folder, tenant_of, without_replaced
from storage.part.sections import builders_with
from storage.policies import Policies
from storage.retention import Step
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import (
    OPERATING_SYSTEM,
    BucketError,
    Connect,
    DiskStore,
    Files,
    FolderLock,
    LogFiles,
    Operation,
    Store,
)
from storage.tenant import Tenant
from storage.wal import Record, WriteAheadLog, replay

__all__ = ["Database"]

logger = logging.getLogger(__name__)

_FLUSH_CHECK_S = 1.0

# Parts that cannot be read now have sequences that nobody knows: when they come back, records with these or lower ones
# would pass for flushed. More than any log has had.
_UNKNOWN_SEQUENCES = 1 << 40


class Database:
    """All tenants below one folder. ``start`` before anything else; ``stop`` leaves nothing unwritten.

    Making one raises OSError when the folder cannot be used or another database uses it.
    """

    def __init__(
        self,
        root: Path,
        settings: StorageSettings | None = None,
        now_s: Callable[[], float] = time.time,
        files: Files = OPERATING_SYSTEM,
        policies: Policies | None = None,
        connect: Connect | None = None,
    ) -> None:
        """``files`` and ``connect`` are the ways to the disk and to a bucket; None for boto3."""
        self._settings = settings or StorageSettings()
        self._policies = policies or Policies()
        self._now_s = now_s
        self._folder_lock = FolderLock(root, files)
        try:
            self._stores = open_stores(root, self._settings, files, connect)
            self.deletes = DeleteJournal(DiskStore(root / "deletes", files))
            self._files = LogFiles(root / "wal", files)
            self._log = WriteAheadLog(self._files, self._settings.wal_segment_bytes, self._became_durable, self._failed)
        except OSError:
            self._folder_lock.release()
            raise
        self._hiding = Hiding(self.deletes, self._policies.hits)
        self._tenants: dict[str, Tenant] = {}
        self._lock = threading.Lock()
        self._sequences = count(1)
        self._last_replayed = 0
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._flusher = threading.Thread(target=self._flush_in_background, name="flusher", daemon=True)
        self._builders = builders_with(self._policies.line_miner)
        hooks = merge_hooks(self._policies.line_readers, self._settings.dense_share, self._builders)
        self.merger = Merger(
            self._settings, lambda: list(self._tenants.values()), now_s, hooks, lambda: self._log.written_bytes
        )
        self._keeper = Keeper(self._settings, self._stores, self._policies, self._hiding, self.merger, now_s)
        self._damaged = 0
        self._flush_failures = 0
        self.is_ready = False

    def start(self) -> None:
        self._remove_temporary()
        self._damaged += self.deletes.load()
        self._adopt_parts()
        self._damaged += len(replay(self._files, self._log, self._restore))
        flushed = (tenant.flushed_sequence for tenant in self._tenants.values())
        unknown = _UNKNOWN_SEQUENCES if self._damaged else 0
        self._sequences = count(max(self._last_replayed, *flushed, 0) + unknown + 1)
        self._log.start()
        self._flusher.start()
        self.merger.start()
        self._keeper.start()
        self.is_ready = True

    def gather_by(self, scheduler: Callable[[Callable[[], None]], None]) -> None:
        """Let ``scheduler``, which is given a function, decide when to call it: then what was appended is written."""
        self._log.wake_by(scheduler)

    def interrupt(self) -> None:
        """A ``start`` that waits for a bucket gives up; ``stop`` comes next."""
        self._stopping.set()

    def stop(self) -> None:
        """Finish what was accepted. The heads stay in the log, which the next start reads."""
        self.is_ready = False
        self._stopping.set()
        self._wake.set()
        if self._flusher.is_alive():
            self._flusher.join()
        self.merger.interrupt()
        self._keeper.stop()
        self.merger.stop()
        self._log.close()
        self._folder_lock.release()

    def append(self, tenant: str, batch: Batch) -> Future[None]:
        """Accept rows; the future resolves when they are durable and readable.

        Raises StorageUnavailable (as the future may) when rows cannot be taken now: send them again later.
        """
        owner = self.tenant(tenant)
        if self.unflushed_bytes > self._settings.max_unflushed_bytes:
            self._wake.set()
            raise StorageUnavailable("too much is waiting to be flushed to disk: slow down and send this again")
        try:
            future = owner.append(batch, self._log, self._sequences)
        except OSError as error:
            raise StorageUnavailable(f"cannot look for rows that are stored already: {error}") from error
        if owner.should_flush(self._now_s()):
            self._wake.set()
        return future

    def tenant(self, name: str) -> Tenant:
        """The tenant of that name, made when first named. Raises ValueError for an impossible name."""
        with self._lock:
            if name not in self._tenants:
                tenant_folder(name)  # raises now what a flush would stumble over later
                self._tenants[name] = Tenant(name, self._stores.hot, self._settings, self._now_s())
            return self._tenants[name]

    def sources(self, tenant: str) -> tuple[Source, ...]:
        """A consistent view of a tenant's readable rows; an unknown tenant has none."""
        known = self._tenants.get(tenant)
        return self._hiding.hide(tenant, known.sources()) if known is not None else ()

    @contextmanager
    def reading(self, tenant: str) -> Iterator[tuple[Source, ...]]:
        """``sources``, all of which can be read within the block, whatever is merged and deleted meanwhile."""
        known = self._tenants.get(tenant)
        if known is None:
            yield ()
            return
        with known.reading() as sources:
            yield self._hiding.hide(tenant, sources)

    @contextmanager
    def following(self, tenant: str, follower: Follower) -> Iterator[tuple[Source, ...]]:
        """``reading``, and from then on ``follower`` is given every batch that is not in it, until ``unfollow``."""
        with self.tenant(tenant).reading(follower) as sources:
            yield self._hiding.hide(tenant, sources)

    def unfollow(self, tenant: str, follower: Follower) -> None:
        self.tenant(tenant).followers.remove(follower)

    def visible(self, tenant: str, batch: Batch) -> Source:
        """A batch that a follower was given, without the rows that pending deletes hide by now."""
        (source,) = self._hiding.hide(tenant, (BatchSource(batch),))
        return source

    def merge_now(self, tenant: str | None = None) -> int:
        """Merge all that may be merged, of one tenant or all; answers how many merges. Raises StorageUnavailable."""
        tenants = [each for name, each in list(self._tenants.items()) if tenant in (None, name)]
        return sum(self.merger.merge_all(each) for each in tenants)

    def parts(self, tenant: str) -> tuple[Part, ...]:
        """What a tenant has on the stores, in the order in which its rows came."""
        known = self._tenants.get(tenant)
        return known.parts if known is not None else ()

    def retention_plan(self, tenant: str) -> list[Step]:
        """What retention would take from the stores now."""
        return self._keeper.planned(self.tenant(tenant))

    def keep_now(self) -> None:
        """Erase, expire and move what is due; what fails is logged and tried again."""
        self._keeper.run_once()

    def flush(self) -> int:
        """Move every head into parts; answers how many parts were written. Raises StorageUnavailable."""
        try:
            written = sum(tenant.flush(self._now_s()) for tenant in list(self._tenants.values()))
        except OSError as error:
            raise StorageUnavailable(f"cannot write a part, its rows stay in the log: {error}") from error
        self._discard_log()
        return written

    @property
    def unflushed_bytes(self) -> int:
        return sum(tenant.unflushed_bytes for tenant in list(self._tenants.values()))

    def metrics(self) -> Mapping[str, float]:
        """What operators watch; names end in their unit."""
        tenants = list(self._tenants.values())
        return {
            "tenants": len(tenants),
            "streams": sum(tenant.stream_count for tenant in tenants),
            "parts": sum(tenant.part_count for tenant in tenants),
            "head_bytes": self.unflushed_bytes,
            "wal_bytes": self._log.size,
            "wal_records_total": self._log.records,
            "wal_syncs_total": self._log.syncs,
            "flush_failures_total": self._flush_failures,
            "heads_waiting": sum(tenant.waiting_heads for tenant in tenants),
            "quarantined_objects_total": self._damaged,
            "parts_merged": sum(tenant.merged_part_count for tenant in tenants),
            **self.merger.metrics(),
            **self._keeper.metrics(),
            **self._stores.metrics(),
        }

    def bucket_operations(self) -> Mapping[str, Operation]:
        """What was done with the bucket, by S3's names."""
        return dict(self._stores.meter.operations)

    def _remove_temporary(self) -> None:
        try:
            for store in self._stores.all:
                store.remove_temporary()
            self._files.remove_temporary()
        except OSError as error:
            logger.error("cannot remove what an interrupted write left: %s", error)

    def _adopt_parts(self) -> None:
        catalogue = without_replaced([self._catalogue_of(store) for store in self._stores.all])
        self._damaged += catalogue.damaged_objects
        for part in catalogue.parts:
            self.tenant(tenant_of(part.index.key)).adopt(part)
        for key in catalogue.left_out:
            self.tenant(tenant_of(key)).is_whole = False
        for remains in catalogue.remains:
            self.tenant(tenant_of(remains.key)).adopt_remains(remains)

    def _catalogue_of(self, store: Store) -> Catalogue:
        """Waits for a bucket as long as it takes: without its parts, the log's records could not be judged."""
        while True:
            try:
                return load_catalogue(store, self._builders)
            except BucketError as error:
                logger.error("not ready before the bucket has told what parts there are: %s", error)
                if self._stopping.wait(self._settings.retry_s):
                    raise

    def _restore(self, record: Record) -> None:
        self.tenant(record.tenant).restore(record)
        self._last_replayed = max(self._last_replayed, record.sequence)

    def _became_durable(self, record: Record) -> None:
        self.tenant(record.tenant).became_durable(record.sequence)

    def _failed(self, record: Record) -> None:
        self.tenant(record.tenant).failed(record.sequence)

    def _discard_log(self) -> None:
        flushed = {name: tenant.flushed_sequence for name, tenant in list(self._tenants.items())}
        try:
            self._log.discard(flushed)
        except (OSError, StorageUnavailable) as error:
            logger.error("cannot delete log files that are no longer needed: %s", error)

    def _flush_in_background(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(_FLUSH_CHECK_S)
            self._wake.clear()
            if not self._flush_due():
                self._stopping.wait(self._settings.retry_s)

    def _flush_due(self) -> bool:
        """Flush the tenants whose time it is; answers whether all of them could be flushed."""
        is_log_full = self._log.size > self._settings.wal_bytes
        due = [tenant for tenant in list(self._tenants.values()) if is_log_full or tenant.should_flush(self._now_s())]
        flushed = [self._try_flush(tenant) for tenant in due]
        if due:
            self._discard_log()
        return all(flushed)

    def _try_flush(self, tenant: Tenant) -> bool:
        try:
            tenant.flush(self._now_s())
        except Exception:  # whatever it is, the other tenants and the next attempt need this thread
            self._flush_failures += 1
            logger.exception("cannot flush tenant %s, its rows stay in the log", tenant.name)
            return False
        return True
