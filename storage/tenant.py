"""One tenant's rows: what waits for its fsync, the head, the heads that are being flushed, and the parts.

Every row is in exactly one of them, and a snapshot is taken under the lock that moves it, so a reader sees it once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import count

import numpy as np

from storage.batch import Batch
from storage.duplicates import newest_after, without_duplicates
from storage.followers import Follower, Followers
from storage.head import Head, batch_bytes
from storage.kernels import advance_newest
from storage.labels import Labels
from storage.leases import Leases
from storage.part import Part, Remains, tenant_folder, write_parts
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import Store
from storage.wal import Record, WriteAheadLog

__all__ = ["Tenant"]

logger = logging.getLogger(__name__)


class Tenant:
    """Thread-safe. ``sequences`` numbers the records of the whole log.

    ``is_whole`` is false when there are parts that cannot be read now, but by a later start.
    """

    def __init__(self, name: str, store: Store, settings: StorageSettings, now_s: float) -> None:
        self.name, self.folder = name, tenant_folder(name)
        self._store, self._settings = store, settings
        self._lock = threading.Lock()
        self._flush_lock = threading.Lock()
        self._newest: dict[Labels, int] = {}
        self._pending: dict[int, tuple[Batch, int]] = {}
        self._pending_bytes = 0
        self._head = Head(now_s)
        self._flushing: list[Head] = []
        self._parts: tuple[Part, ...] = ()
        self._leases = Leases()
        self.followers = Followers()
        self._emptied: list[Remains] = []
        self.flushed_sequence = -1
        self.is_whole = True

    def adopt(self, part: Part) -> None:
        """Take over a part found on the store."""
        with self._lock:
            self._add_part(part)

    def adopt_remains(self, remains: Remains) -> None:
        """Take over what is left of a part that is no more."""
        self.flushed_sequence = max(self.flushed_sequence, remains.wal_sequence)
        self._leases.retire(remains)

    def append(self, batch: Batch, log: WriteAheadLog, sequences: count[int]) -> Future[None]:
        """Log the rows that are new; the future resolves when all rows of ``batch`` are durable and readable.

        Raises StorageUnavailable with nothing kept.
        """
        with self._lock:
            newest = newest_after(batch, self._newest)
            if newest is not None and len(batch):
                future = self._log(batch, log, next(sequences))
                self._newest.update(zip(batch.streams, newest.tolist(), strict=True))
                return future
        # Parts are read before the lock is taken: the log's writer, and so every tenant, would wait for the disk.
        with self._leases.reading():
            compared = self._parts
            batch = without_duplicates(batch, self._newest, _chunks(compared))
        with self._lock:
            batch = without_duplicates(batch, self._newest, self._stored(except_parts=compared))
            if not len(batch):
                return log.barrier()
            future = self._log(batch, log, next(sequences))
            self._remember_newest(batch)
            return future

    def _log(self, batch: Batch, log: WriteAheadLog, sequence: int) -> Future[None]:
        future = log.append(Record(sequence, self.name, batch))
        size_bytes = batch_bytes(batch)
        self._pending[sequence] = batch, size_bytes
        self._pending_bytes += size_bytes
        return future

    def restore(self, record: Record) -> None:
        """Put a record of the log back, unless a part or an earlier record has its rows."""
        if record.sequence <= self.flushed_sequence:
            return
        with self._lock:
            newest = newest_after(record.batch, self._newest)
            if newest is not None and len(record.batch):
                self._newest.update(zip(record.batch.streams, newest.tolist(), strict=True))
                self._head.add(record.sequence, record.batch, batch_bytes(record.batch))
                return
            batch = without_duplicates(record.batch, self._newest, self._stored())
            if len(batch):
                self._remember_newest(batch)
                self._head.add(record.sequence, batch, batch_bytes(batch))
            elif not self._head.rows:
                self.flushed_sequence = record.sequence

    def became_durable(self, sequence: int) -> None:
        with self._lock:
            batch, size_bytes = self._pop_pending(sequence)
            self._head.add(sequence, batch, size_bytes)
            followers = self.followers.now
        for follower in followers:
            follower(batch)

    def failed(self, sequence: int) -> None:
        with self._lock:
            self._pop_pending(sequence)

    def sources(self) -> tuple[Source, ...]:
        """A consistent view of all readable rows. Parts in it may be deleted: who reads them does it in ``reading``."""
        with self._lock:
            return (*_chunks(self._parts), *self._in_memory())

    @contextmanager
    def reading(self, follower: Follower | None = None) -> Iterator[tuple[Source, ...]]:
        """``sources``, all of which can be read within the block, whatever is merged and deleted meanwhile.

        ``follower`` gets every batch that is not in them, from now on and until it leaves ``followers``.
        """
        with self._leases.reading():
            with self._lock:
                if follower is not None:
                    self.followers.add(follower)
                sources = (*_chunks(self._parts), *self._in_memory())
            yield sources

    @property
    def parts(self) -> tuple[Part, ...]:
        """In the order in which their rows came."""
        return self._parts

    def replace(self, inputs: Sequence[Part], output: Part | None) -> None:
        """From now on ``output`` stands for ``inputs``: the same rows, or some of them, or none.

        The caller has made that durable, and is the only one who replaces parts.
        """
        if output is not None:
            self._leases.revive(output.store, output.index.key)
        with self._lock:
            place = self._parts.index(inputs[-1]) + 1
            before = tuple(part for part in self._parts[:place] if part not in inputs)
            self._parts = (*before, *((output,) if output else ()), *self._parts[place:])
            self._forget_streams(inputs)
        for part in inputs:
            self._leases.retire(Remains.of(part, is_dropped=output is None))

    def undeleted(self, replaced: Iterable[str]) -> tuple[str, ...]:
        """Of the keys that parts of this tenant replace, those that may still have objects."""
        return tuple(sorted(set(replaced) & {remains.key for remains in self._leases.retired()}))

    def delete_retired(self) -> int:
        """Delete what no reader needs any more; answers of how many parts there is still something to delete."""
        known_sequence = max((part.index.wal_sequence for part in self._parts), default=-1)
        for remains in self._leases.free():
            try:
                if remains not in self._emptied:
                    remains.delete_data()
                    self._emptied.append(remains)
                if remains.wal_sequence > known_sequence or self.undeleted(remains.replaces):
                    continue  # without it, the log's records or what it replaced would bring the rows back
                remains.delete_index()
            except OSError as error:
                logger.error("part %s cannot be deleted now, it is tried again: %s", remains.key, error)
                continue
            self._emptied.remove(remains)
            self._leases.forget(remains)
        return len(self._leases.retired())

    @property
    def unflushed_bytes(self) -> int:
        """Rows in memory, acknowledged or not. Without the lock, because pushes to all tenants ask for it."""
        return self._pending_bytes + self._head.bytes + sum(head.bytes for head in self._flushing)

    @property
    def waiting_heads(self) -> int:
        """Heads that take no rows any more and are in no part yet."""
        return len(self._flushing)

    @property
    def part_count(self) -> int:
        return len(self._parts)

    @property
    def merged_part_count(self) -> int:
        return sum(1 for part in self._parts if part.index.replaces)

    @property
    def stream_count(self) -> int:
        """Streams ever seen that still have rows here."""
        return len(self._newest)

    def should_flush(self, now_s: float) -> bool:
        head = self._head
        is_old = head.rows > 0 and now_s - head.created_s >= self._settings.head_age_s
        return bool(self._flushing) or is_old or head.bytes >= self._settings.head_bytes

    def flush(self, now_s: float) -> int:
        """Move all readable rows into parts; answers how many parts. On OSError the rows stay where they were."""
        with self._flush_lock:
            self._freeze_head(now_s)
            written = 0
            while self._flushing:
                written += self._flush_head(self._flushing[0])
            return written

    def _freeze_head(self, now_s: float) -> None:
        with self._lock:
            if self._head.rows:
                self._flushing.append(self._head)
                self._head = Head(now_s)

    def _flush_head(self, head: Head) -> int:
        with self._lock:  # a reader may be joining them
            batches = [piece.batch for piece in head.pieces()]
        flushed, last = self.flushed_sequence, head.last_sequence
        indexes = write_parts(self._store, self.name, batches, flushed, last, self._settings)
        with self._lock:
            self._flushing.remove(head)
            for index in indexes:
                self._add_part(Part(self._store, index))
        return len(indexes)

    def _add_part(self, part: Part) -> None:
        # Before the part, because ``append`` looks at both without the lock, in the other order.
        for labels, ts in zip(part.index.streams, part.index.newest_ts.tolist(), strict=True):
            self._newest[labels] = max(self._newest.get(labels, ts), ts)
        self._parts = (*self._parts, part)
        self.flushed_sequence = max(self.flushed_sequence, part.index.wal_sequence)

    def _forget_streams(self, parts: Iterable[Part]) -> None:
        """Streams of ``parts``, which are parts no more, if no other row is of them. Times may stay too late."""
        sources = (*_chunks(self._parts), *self._in_memory(), *self._in_log())
        candidates = {labels for part in parts for labels in part.index.streams}
        for table in {id(source.streams): source.streams for source in sources}.values():
            candidates.difference_update(table)
        for labels in candidates:
            self._newest.pop(labels, None)

    def _pop_pending(self, sequence: int) -> tuple[Batch, int]:
        batch, size_bytes = self._pending.pop(sequence)
        self._pending_bytes -= size_bytes
        return batch, size_bytes

    def _remember_newest(self, batch: Batch) -> None:
        last = np.full(len(batch.streams), np.iinfo(np.int64).min)
        advance_newest(batch.stream, batch.ts, last)
        for labels, ts in zip(batch.streams, last.tolist(), strict=True):
            self._newest[labels] = max(self._newest.get(labels, ts), ts)

    def _in_memory(self) -> Iterator[Source]:
        for head in (*self._flushing, self._head):
            yield from head.sources()

    def _stored(self, except_parts: tuple[Part, ...] = ()) -> Iterator[Source]:
        """Every row that a new one may repeat, durable yet or not."""
        if self._parts is not except_parts:
            yield from _chunks(part for part in self._parts if not _is_made_of(part, except_parts))
        for head in (*self._flushing, self._head):
            yield from head.pieces()  # joining them for each late push would cost more than it gives
        yield from self._in_log()

    def _in_log(self) -> Iterator[Source]:
        return (BatchSource(batch) for batch, _ in self._pending.values())


def _is_made_of(part: Part, parts: tuple[Part, ...]) -> bool:
    """Whether all rows of ``part`` are in ``parts``."""
    replaced = part.index.replaces
    return part in parts or (bool(replaced) and {each.index.key for each in parts}.issuperset(replaced))


def _chunks(parts: Iterable[Part]) -> Iterator[Source]:
    for part in parts:
        yield from part.chunks
