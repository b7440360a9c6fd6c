"""The running log: appends from any thread, one writer thread, one fsync for all that wait.

``append`` answers a future that resolves after fsync. Before it resolves, ``on_durable`` has been called with the
record (in the order of appending), so a reader woken by it finds the rows. When a write fails, all that waits behind
it fails too: a waiting record may have been shortened because the failed one already had its rows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from storage.errors import StorageUnavailable
from storage.stores.log_files import AppendFile, LogFiles
from storage.wal.record import FILE_HEADER, Record, encode

__all__ = ["WriteAheadLog"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Something to be made durable; without a record it only waits for what came before it."""

    future: Future[None]
    record: Record | None = None
    buffers: tuple[bytes, ...] = ()
    ends_file: bool = False


def _future() -> Future[None]:
    """A future that its waiter cannot cancel: a client that hangs up must not disturb the writer."""
    future: Future[None] = Future()
    future.set_running_or_notify_cancel()
    return future


def _at_once(wake: Callable[[], None]) -> None:
    wake()


class WriteAheadLog:
    """Owns the files of the log from ``next_number`` on; older ones it only deletes."""

    def __init__(
        self,
        files: LogFiles,
        segment_bytes: int,
        on_durable: Callable[[Record], None],
        on_failed: Callable[[Record], None],
    ) -> None:
        self._files, self._segment_bytes = files, segment_bytes
        self._on_durable, self._on_failed = on_durable, on_failed
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._wake_by: Callable[[Callable[[], None]], None] = _at_once
        self._closing = False
        self._failing = False
        self._segments: dict[int, dict[str, int]] = {}
        self._sizes: dict[int, int] = {}
        self._number = max(files.numbers(), default=0)
        self._file: AppendFile | None = None
        self.syncs = 0
        self.written_bytes = 0
        self.records = 0
        self._thread = threading.Thread(target=self._run, name="wal", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake_by(self, scheduler: Callable[[Callable[[], None]], None]) -> None:
        """From now on ``scheduler`` is given what wakes the writer, and calls it soon: more may gather until then."""
        self._wake_by = scheduler

    def adopt(self, number: int, sequences: Mapping[str, int], size: int) -> None:
        """Take over a file written earlier: ``sequences`` is the last one of each tenant in it."""
        self._segments[number], self._sizes[number] = dict(sequences), size

    @property
    def size(self) -> int:
        """Bytes on disk."""
        with self._changed:
            return sum(self._sizes.values())

    def append(self, record: Record) -> Future[None]:
        """Queue a record; the future fails with StorageUnavailable when it could not be made durable.

        Raises StorageUnavailable, with nothing queued, while the log is failing or closed.
        """
        return self._enqueue(_Waiting(_future(), record, tuple(encode(record))))

    def barrier(self) -> Future[None]:
        """Resolves when all that was appended before it is durable, fails when any of it failed."""
        return self._enqueue(_Waiting(_future()))

    def discard(self, flushed: Mapping[str, int]) -> None:
        """Delete the files whose records are all in parts: up to ``flushed[tenant]`` each. Raises OSError."""
        if self._file is not None and self._segments.get(self._number) and self._is_flushed(self._number, flushed):
            self._enqueue(_Waiting(_future(), ends_file=True)).result()
        with self._changed:
            numbers = [n for n in self._segments if n != self._number or self._file is None]
        for number in numbers:
            if self._is_flushed(number, flushed):
                self._files.remove(number)
                self._forget(number)

    def _is_flushed(self, number: int, flushed: Mapping[str, int]) -> bool:
        with self._changed:
            last = self._segments.get(number, {})
            return all(flushed.get(tenant, -1) >= sequence for tenant, sequence in last.items())

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._close_file()

    def _enqueue(self, waiting: _Waiting) -> Future[None]:
        with self._changed:
            if self._closing:
                raise StorageUnavailable("the server is shutting down: send this again to the next one")
            if self._failing:
                raise StorageUnavailable("the log cannot be written at this moment: send this again")
            self._waiting.append(waiting)
        self._wake_by(self._wake)
        return waiting.future

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            self._commit(group)

    def _next_group(self) -> list[_Waiting] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            group, self._waiting = self._waiting, []
            return group or None

    def _commit(self, group: list[_Waiting]) -> None:
        try:
            if any(each.record for each in group):
                self._write(group)
        except Exception as error:  # whatever it is, those who wait must hear of it and the next ones need this thread
            if not isinstance(error, OSError):
                logger.exception("the log cannot be written")
            self._fail(group, error)
            return
        if any(each.ends_file for each in group):
            self._close_file()
        for each in group:
            if each.record is not None:
                self._on_durable(each.record)
            each.future.set_result(None)

    def _write(self, group: list[_Waiting]) -> None:
        file = self._open_file()
        before = file.size
        try:
            file.append_durably([buffer for each in group for buffer in each.buffers])
        except Exception:
            # After a failed fsync nobody knows what is on disk: take the bytes back and leave the file alone.
            self._abandon(file, before)
            raise
        self.syncs += 1
        self._note(group, file.size)

    def _note(self, group: list[_Waiting], size: int) -> None:
        with self._changed:
            last = self._segments[self._number]
            for each in group:
                if each.record is not None:
                    last[each.record.tenant] = each.record.sequence
                    self.records += 1
            self.written_bytes += size - self._sizes[self._number]
            self._sizes[self._number] = size

    def _open_file(self) -> AppendFile:
        if self._file is not None and self._file.size >= self._segment_bytes:
            self._close_file()
        if self._file is None:
            file = self._files.create(self._number + 1, FILE_HEADER)
            with self._changed:
                self._number += 1
                self._file = file
                self._segments[self._number], self._sizes[self._number] = {}, file.size
        return self._file

    def _abandon(self, file: AppendFile, size: int) -> None:
        """Leave the file with its first ``size`` bytes; an empty one goes, or a full disk collects them."""
        try:
            file.truncate(size)
            file.sync()
            if not self._segments[self._number]:
                self._files.remove(self._number)
                self._forget(self._number)
        except OSError as error:
            # Replay drops duplicates, so rows that come back do no harm.
            logger.error("cannot take back a failed write to %s: %s", file.path, error)
        self._close_file()

    def _forget(self, number: int) -> None:
        with self._changed:
            self._segments.pop(number, None)
            self._sizes.pop(number, None)

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _fail(self, group: list[_Waiting], error: Exception) -> None:
        with self._changed:
            self._failing = True
            group, self._waiting = group + self._waiting, []
        for each in group:
            if each.record is not None:
                self._on_failed(each.record)
        # Only now is no owner left that takes a failed row for stored.
        with self._changed:
            self._failing = False
        for each in group:
            each.future.set_exception(StorageUnavailable(f"cannot write the log, nothing was stored: {error}"))
