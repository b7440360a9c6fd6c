"""What is on disk for one destination: the spool of this process and those that dead processes left.

A batch is acknowledged when it is durable. A disk that refuses costs no line: the batch stays where it was.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Callable

from ingest_client.complaints import Complaints
from ingest_client.delivery.tallies import Tallies
from ingest_client.entries.batch import Batch, DamagedBatch
from ingest_client.ring import recover
from ingest_client.settings import ClientSettings
from ingest_client.state.folder import RING, SPOOL, StateFolder
from ingest_client.state.spool import Record, Spool

__all__ = ["Backlog"]

_CAP_BYTES = 1 << 30
_SHARE_OF_FREE_DISK = 10
_SYNC_INTERVAL_S = 1.0
_SWEEP_INTERVAL_S = 10.0


class _Shelf:
    """A spool with the folder it lies in."""

    def __init__(self, folder: StateFolder, cap_bytes: int) -> None:
        self.folder = folder
        self.spool = Spool(folder.path / SPOOL, cap_bytes)


class Backlog:
    """Used by the delivery's thread. Raises OSError at construction when the folder cannot be used."""

    def __init__(self, folder: StateFolder, settings: ClientSettings, tallies: Tallies, complaints: Complaints) -> None:
        self._tallies, self._complaints, self._sync = tallies, complaints, settings.spool_sync
        self._cap_bytes = settings.spool_bytes or _default_cap(folder.path)
        self._own = _Shelf(folder, self._cap_bytes)
        self._adopted: list[_Shelf] = []
        self._unsynced: list[Callable[[], None]] = []
        self._directory, self._destination = folder.path.parent, folder.destination
        self._synced_at_s = self._next_sweep_at_s = time.monotonic()
        self._current: tuple[_Shelf, Record] | None = None
        self.faults = 0

    @property
    def pending_lines(self) -> int:
        """Lines that wait on disk."""
        return sum(shelf.spool.pending_lines for shelf in self._shelves())

    @property
    def pending_bytes(self) -> int:
        """What they take there."""
        return sum(shelf.spool.pending_bytes for shelf in self._shelves())

    @property
    def dropped(self) -> int:
        """Lines that went because the spool was full."""
        return sum(shelf.spool.dropped for shelf in self._shelves())

    @property
    def damaged(self) -> int:
        """Records that could not be read."""
        return sum(shelf.spool.damaged for shelf in self._shelves())

    def add(self, batch: Batch) -> bool:
        """Take a batch; False when the disk does not. It is acknowledged once it is durable."""
        try:
            self._own.spool.append(batch.to_bytes(), batch.lines)
        except OSError as error:
            self._fault("is not written", error)
            return False
        self._complaints.settle("disk")
        self._unsynced.append(batch.acknowledge)
        if self._sync != "interval":
            self._make_durable()
        return True

    def tend(self) -> None:
        """Sync when it is time to; look for what dead processes left."""
        now_s = time.monotonic()
        if now_s >= self._next_sweep_at_s:
            self._next_sweep_at_s = now_s + _SWEEP_INTERVAL_S
            self._sweep()
        if self._unsynced and time.monotonic() - self._synced_at_s >= _SYNC_INTERVAL_S:
            self._make_durable()

    def sweep_soon(self) -> None:
        """Look for what dead processes left at the next ``tend``."""
        self._next_sweep_at_s = 0.0

    def oldest(self) -> Batch | None:
        """The batch to send next; ``done`` says that it was."""
        try:
            return self._find_oldest()
        except OSError as error:
            self._fault("cannot be read", error)
            return None

    def done(self) -> None:
        """The batch that ``oldest`` gave is done with."""
        if self._current is not None:
            shelf, record = self._current
            self._current = None
            self._acknowledge(shelf, record)

    def close(self, lost_lines: int) -> None:
        """Make it durable and let go of all folders; empty ones are deleted.

        With ``lost_lines`` the own one stays: its ring may have them.
        """
        self._make_durable()
        for shelf in self._shelves():
            try:
                shelf.spool.close()
            except OSError as error:
                self._fault("is not synced", error)
            if shelf.spool.pending_lines or (lost_lines and shelf is self._own):
                shelf.folder.release()
            else:
                shelf.folder.remove()

    def forget(self) -> None:
        """After a fork: everything here is the parent's."""
        for shelf in self._shelves():
            shelf.folder.release()

    def _sweep(self) -> None:
        for folder in StateFolder.abandoned(self._directory, self._destination):
            try:
                self._adopt(_Shelf(folder, self._cap_bytes))
            except (OSError, ValueError) as error:
                self._fault(f"of a dead process, {folder.path}, cannot be read", error)
                folder.release()

    def _adopt(self, shelf: _Shelf) -> None:
        ring = shelf.folder.path / RING
        if ring.exists():
            batches = recover(ring)
            for batch in batches:
                shelf.spool.append(batch.to_bytes(), batch.lines)
            shelf.spool.sync()
            # Only now: whoever adopts the folder after a crash finds the lines in one place or in both.
            ring.unlink()
            self._tallies.recovered += sum(batch.lines for batch in batches)
        self._adopted.append(shelf)

    def _find_oldest(self) -> Batch | None:
        for shelf in self._shelves():
            while True:
                record = shelf.spool.peek()
                if record is None:
                    break
                try:
                    batch = Batch.from_bytes(record.payload)
                except DamagedBatch as error:
                    self._complaints.complain("damage", str(error))
                    shelf.spool.damaged += 1
                    self._acknowledge(shelf, record)
                    continue
                self._current = (shelf, record)
                return batch
            self._let_go_of(shelf)
        return None

    def _let_go_of(self, shelf: _Shelf) -> None:
        if shelf is self._own:
            return
        self._adopted.remove(shelf)
        self._own.spool.dropped += shelf.spool.dropped
        self._own.spool.damaged += shelf.spool.damaged
        shelf.spool.close()
        shelf.folder.remove()

    def _shelves(self) -> list[_Shelf]:
        return [*self._adopted, self._own]

    def _acknowledge(self, shelf: _Shelf, record: Record) -> None:
        try:
            shelf.spool.acknowledge(record)
        except OSError as error:
            self._fault("cannot be shortened", error)

    def _make_durable(self) -> None:
        self._synced_at_s = time.monotonic()
        if self._sync != "none":
            try:
                self._own.spool.sync()
            except OSError as error:
                self._fault("is not synced", error)
                return
        acknowledged, self._unsynced = self._unsynced, []
        for acknowledge in acknowledged:
            acknowledge()

    def _fault(self, what: str, error: Exception) -> None:
        self.faults += 1
        self._complaints.complain("disk", f"the spool {what}: {error}; lines stay in memory")


def _default_cap(path: Path) -> int:
    return min(_CAP_BYTES, shutil.disk_usage(str(path)).free // _SHARE_OF_FREE_DISK)
