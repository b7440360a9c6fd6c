"""``Files`` in memory, with a fault at a chosen call, and the memory of what was synced and what was not.

Harsher than most file systems: an entry of a folder is durable only when that folder was synced, and of unsynced
entries any may survive without the others. A rename within a folder is atomic, as every file system has it.
"""

from __future__ import annotations

import copy
import errno
import os
import random
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from tests.storage.faults.content import Content, Outcome
from tests.storage.faults.fault import Crash, Fault, FaultKind

__all__ = ["DATA", "Machine"]

DATA = Path("/machine/data")

Names = dict[Path, Content | None]  # None is a folder
Changes = list[tuple[Path, dict[Path, Content | None], frozenset[Path]]]  # folder, names that are new, names that go


class Machine:
    """Thread-safe. ``calls`` counts those that the fault concerns, ``hits`` those that it met."""

    def __init__(self) -> None:
        self._names: Names = {DATA.parent: None, Path("/"): None}
        self._durable: Names = dict(self._names)
        self._unsynced: Changes = []
        self._locked: set[Path] = set()
        self._guard = threading.RLock()
        self._fault: Fault | None = None
        self.calls = 0
        self.hits = 0
        self.died = threading.Event()

    # --- what tests do ---

    def arm(self, fault: Fault | None) -> None:
        """The calls of ``fault`` are counted from now on."""
        with self._guard:
            self._fault, self.calls, self.hits = fault, 0, 0

    def after(self, outcome: Outcome, chance: random.Random) -> Machine:
        """The machine as it comes up again, with what is armed still to come; this one stays dead."""
        self.died.set()
        with self._guard:
            machine = Machine()
            machine._fault, machine.calls, machine.hits = self._fault, self.calls, self.hits
            if outcome is Outcome.KILLED:
                state = self._names, self._durable, self._unsynced
                machine._names, machine._durable, machine._unsynced = copy.deepcopy(state)
                return machine
            names = dict(self._names if outcome is Outcome.KEPT else self._durable)
            if outcome is Outcome.TORN:
                for _, new, gone in self._unsynced:
                    if chance.random() < 0.5:
                        _change(names, new, gone)
            contents = {id(each): each.after(outcome, chance) for each in names.values() if each is not None}
            found = {path: contents.get(id(each)) for path, each in names.items() if _has_parents(names, path)}
            machine._names, machine._durable = found, dict(found)
            return machine

    def files(self, suffix: str) -> list[Path]:
        """The files there are now, sorted by name."""
        return sorted(path for path, content in self._names.items() if content is not None and path.suffix == suffix)

    def scribble(self, path: Path, offset: int) -> None:
        """Flip bits of a byte, on disk and for readers."""
        content = self._content(path)
        for data in (content.now, content.durable):
            if offset < len(data):
                data[offset] ^= 0x55

    # --- Files ---

    def create(self, path: Path) -> OpenContent:
        with self.operation("create", path):
            self._need_folder(path.parent)
            content = self._names.get(path)
            if content is not None:
                content.truncate(0)
            else:
                content = Content()
                self._change(path.parent, {path: content})
            return OpenContent(self, path, content)

    def edit(self, path: Path) -> OpenContent:
        with self.operation("edit", path):
            return OpenContent(self, path, self._content(path))

    def read(self, path: Path) -> bytes:
        with self.operation("read", path):
            return bytes(self._content(path).now)

    def open(self, path: Path) -> pa.NativeFile:
        with self.operation("open", path):
            return pa.BufferReader(bytes(self._content(path).now))

    def exists(self, path: Path) -> bool:
        with self.operation("exists", path):
            return path in self._names

    def walk(self, folder: Path) -> Iterator[Path]:
        with self.operation("walk", folder):
            found = [path for path, content in self._names.items() if content is not None]
        return iter([path for path in found if path.is_relative_to(folder)])

    def rename(self, source: Path, target: Path) -> None:
        with self.operation("rename", target):
            content = self._content(source)
            self._need_folder(target.parent)
            if target in self._names and self._names[target] is None:
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            if source.parent == target.parent:
                self._change(target.parent, {target: content}, {source})
            else:
                self._change(target.parent, {target: content})
                self._change(source.parent, {}, {source})

    def unlink(self, path: Path) -> None:
        with self.operation("unlink", path):
            if path in self._names:
                self._change(path.parent, {}, {path})

    def make_folder(self, path: Path) -> None:
        with self.operation("make_folder", path):
            self._need_folder(path.parent)
            if path not in self._names:
                self._change(path.parent, {path: None})

    def sync_folder(self, path: Path) -> None:
        with self.operation("sync_folder", path):
            self._need_folder(path)
            for folder, new, gone in self._unsynced:
                if folder == path:
                    _change(self._durable, new, gone)
            self._unsynced = [each for each in self._unsynced if each[0] != path]

    def room_bytes(self, folder: Path) -> int:
        return 1 << 40

    def lock(self, folder: Path) -> HeldLock:
        if self.died.is_set():
            raise Crash
        with self._guard:
            if folder in self._locked:
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(folder))
            self._locked.add(folder)
        return HeldLock(self._locked, folder)

    # --- inside ---

    @contextmanager
    def operation(self, name: str, path: Path, can_err: bool = True) -> Iterator[None]:
        """Raises what is to go wrong: an error instead of the operation, a crash behind it."""
        with self._guard:
            fault = self._hit(name)
            if fault is not None and fault.is_error and can_err:
                raise fault.error(name, path)
            yield
            if fault is not None and fault.kind is FaultKind.CRASH:
                self.died.set()
                raise Crash

    def _hit(self, operation: str) -> Fault | None:
        """The fault, if it is this call's turn."""
        if self.died.is_set():
            raise Crash
        fault = self._fault
        if fault is None or not fault.concerns(operation):
            return None
        self.calls += 1
        if self.calls != fault.at_call and not (fault.is_lasting and self.calls > fault.at_call):
            return None
        self.hits += 1
        return fault

    def meets(self, kind: FaultKind) -> bool:
        """Whether the operation that was just let through is the one that meets this fault."""
        fault = self._fault
        return fault is not None and fault.kind is kind and self.calls == fault.at_call

    def _change(self, folder: Path, new: Names, gone: Iterable[Path] = ()) -> None:
        self._unsynced.append((folder, new, frozenset(gone)))
        _change(self._names, new, gone)

    def _content(self, path: Path) -> Content:
        content = self._names.get(path)
        if content is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return content

    def _need_folder(self, path: Path) -> None:
        if self._names.get(path, Content()) is not None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


class OpenContent:
    """An ``OpenFile``. What is written to it stays its own when its name goes."""

    def __init__(self, machine: Machine, path: Path, content: Content) -> None:
        self._machine, self._path, self._content = machine, path, content

    def size(self) -> int:
        return len(self._content.now)

    def write(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        data = b"".join(buffers)
        half = data[: len(data) // 2]
        try:
            with self._machine.operation("write", self._path):
                written = half if half and self._machine.meets(FaultKind.SHORT_WRITE) else data
                self._content.write(offset, written)
        except OSError:
            self._content.write(offset, half)
            raise
        return len(written)

    def write_durably(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        written = self.write(offset, buffers)
        self.sync()
        return written

    def sync(self) -> None:
        try:
            with self._machine.operation("sync", self._path):
                pass
        except OSError:
            self._content.fail_to_sync()
            raise
        self._content.sync()

    def truncate(self, size: int) -> None:
        with self._machine.operation("truncate", self._path):
            self._content.truncate(size)

    def close(self) -> None:
        pass


class HeldLock:
    def __init__(self, locked: set[Path], folder: Path) -> None:
        self._locked, self._folder = locked, folder

    def close(self) -> None:
        self._locked.discard(self._folder)


def _change(names: Names, new: Names, gone: Iterable[Path]) -> None:
    for path in gone:
        names.pop(path, None)
    names.update(new)


def _has_parents(names: Names, path: Path) -> bool:
    """A file whose folder was lost is lost with it."""
    return all(parent in names for parent in path.parents)
