"""The files of one target: new ones are found, rotated ones read to their end, each exactly once.

A file is who it is by device and inode, so a rename is no new file. What ``copytruncate`` took away before it was read
is found in the copy.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping

from ingest_client.agent.config.model import ScrapeConfig, StaticTarget
from ingest_client.agent.files.globs import paths_of
from ingest_client.agent.files.identity import Head
from ingest_client.agent.files.position import FilePosition
from ingest_client.agent.files.reading import head_of
from ingest_client.agent.files.rotated import (
    compression_of,
    find_rest,
    is_sibling,
    modified_ns,
    siblings_of,
    siblings_since,
)
from ingest_client.agent.files.tail import Tail

__all__ = ["FileWatcher", "ReadLines"]

# After a rename writers go on with the old file until they are told: so long nothing may come before it is closed.
_ROTATE_WAIT_S = 5.0

ReadLines = tuple[Tail, list[str]]
Complain = Callable[[str, str], None]


class FileWatcher:
    """Used by one thread. ``positions`` are those of an earlier run, by key; they are updated as files are read."""

    def __init__(
        self,
        target: StaticTarget,
        config: ScrapeConfig,
        positions: dict[str, FilePosition],
        complain: Complain,
        imported: Mapping[str, int] | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target, self._config, self._positions = target, config, positions
        self._complain, self._monotonic_s = complain, monotonic_s
        self._imported = {} if imported is None else imported
        self._tails: dict[str, Tail] = {}
        self._by_path: dict[str, Tail] = {}
        self._is_first = True
        self._names = {position.path for position in positions.values()}
        self.changed: set[str] = set()

    @property
    def tails(self) -> list[Tail]:
        """The files that are open."""
        return list(self._tails.values())

    def discover(self) -> None:
        """Open what is new, and at the first call what an earlier run had not read to its end."""
        paths = paths_of(self.target.path, self.target.exclude)
        if self._is_first:
            self._resume()
        for path in paths:
            tail = self._by_path.get(path)
            if tail is None or not _is_open_as(path, tail):
                self._open_new(path)
        self._is_first = False

    def read(self, max_bytes: int) -> Iterator[ReadLines]:
        """New lines, at most ``max_bytes`` of each file; those of a rotated one before those of its successor."""
        unfinished: set[str] = set()
        for key, tail in sorted(self._tails.items(), key=lambda item: item[1].turn):
            try:
                if tail.name in unfinished:
                    self._look_at(tail)
                    continue
                lines = self._read(tail, max_bytes)
            except OSError as error:
                self._complain(f"read {tail.path}", f"{tail.path}: {error.strerror or error}")
                self._close(key, is_done=bool(compression_of(tail.path)))
                continue
            if not tail.is_at_end:
                unfinished.add(tail.name)
            if lines:
                self._note(tail)
                yield tail, lines
            elif tail.is_at_end and self._has_ended(tail):
                last = tail.finish()
                self._close(key, is_done=True)
                if last:
                    yield tail, last

    def forget_gone(self) -> None:
        """Drop positions of files that are read to their end and exist no more: their inodes will be used again."""
        for key, position in list(self._positions.items()):
            if position.is_done and not _exists(position):
                del self._positions[key]
                self.changed.add(key)

    def position(self, key: str) -> FilePosition | None:
        """The position of a file, None for one that was forgotten."""
        return self._positions.get(key)

    def close(self) -> None:
        """Let go of all files."""
        for tail in self._tails.values():
            tail.close()
        self._tails.clear()
        self._by_path.clear()

    def _read(self, tail: Tail, max_bytes: int) -> list[str]:
        if tail.was_cut():
            self._begin_again(tail)
            return []
        return tail.read(max_bytes)

    def _look_at(self, tail: Tail) -> None:
        """One that has to wait for its older generations may be cut meanwhile: know its beginning, to find it again."""
        if tail.was_cut():
            self._begin_again(tail)
        elif tail.learn_head():
            self._note(tail)

    def _begin_again(self, tail: Tail) -> None:
        """The file was cut: what was not read of it is in the copy that was made before."""
        before = tail.position()
        tail.restart()
        self._note(tail)
        self._open_rest(before)
        # It is the newest of its generations now, also when it is renamed before they were read to their ends.
        self._tails[tail.key] = self._tails.pop(tail.key)

    def _open_rest(self, position: FilePosition) -> bool:
        """Open what a file was rotated to, and what was rotated after it unseen; False for nothing."""
        rest = find_rest(position)
        if rest is not None and not self._open(rest[0], position.path, position.offset, rest[1]):
            # Packed and removed since it was found: then it is there under another name.
            rest = find_rest(position)
            rest = rest if rest and self._open(rest[0], position.path, position.offset, rest[1]) else None
        if rest is not None:
            self._open_since(position, rest[0])
        return rest is not None

    def _open_unseen(self, position: FilePosition) -> None:
        """Open what was rotated after a file that is open, whatever it is called now, without having been seen."""
        rest = find_rest(position)
        if rest is not None:
            self._open_since(position, rest[0])

    def _open_since(self, position: FilePosition, rotated: str) -> None:
        for path in siblings_since(position.path, rotated):
            if not self._is_known(path):
                self._open(path, position.path, 0, self._kind_of(path))

    def _is_known(self, path: str) -> bool:
        try:
            status = os.stat(path)
        except OSError:
            return True
        known = self._positions.get(f"{status.st_dev}:{status.st_ino}")
        if known is not None and known.head.begins(head_of(path, self._kind_of(path))):
            return True
        return self._original_of(path) is not None

    def _resume(self) -> None:
        """Go on with all that an earlier run had not read to its end, the oldest generation of a file first."""
        rotated: list[tuple[int, FilePosition]] = []
        current: list[FilePosition] = []
        for position in self._positions.values():
            if position.is_done:
                continue
            if _is_still_there(position):
                current.append(position)
            elif (rest := find_rest(position)) is not None:
                rotated.append((modified_ns(rest[0]), position))
        for _, position in sorted(rotated, key=lambda each: each[0]):
            if self._open_rest(position) and position.key not in self._tails:
                # The rest is in a copy, whose position counts from now on.
                del self._positions[position.key]
                self.changed.add(position.key)
        for position in current:
            self._open(position.path, position.path, position.offset, self._kind_of(position.path), position.head)

    def _open_new(self, path: str) -> None:
        try:
            status = os.stat(path)
        except OSError:
            return
        key = f"{status.st_dev}:{status.st_ino}"
        open_already = self._tails.get(key)
        before = self._by_path.pop(path, None)
        if before is not None and before is not open_already:
            before.rotated(self._monotonic_s())
            self._open_unseen(before.position())
        if open_already is not None:
            self._renamed(open_already, path)
            return
        known = self._positions.get(key)
        if known is not None and known.head.begins(head_of(path, self._kind_of(path))):
            if not known.is_done or (status.st_size > known.offset and not self._kind_of(path)):
                self._open(path, known.path, known.offset, self._kind_of(path))
            return
        if self._original_of(path) is None:
            self._open(path, path, self._first_offset(path, status.st_size), self._kind_of(path))

    def _first_offset(self, path: str, size: int) -> int:
        """Where to begin with a file that nothing is known of: where promtail was, else as the target says."""
        known = self._imported.get(path)
        if known is not None and known <= size:
            return known
        is_old = self._is_first and path not in self._names
        return size if is_old and self.target.read_from == "end" else 0

    def _renamed(self, tail: Tail, path: str) -> None:
        self._by_path.pop(tail.path, None)
        tail.path = path
        self._by_path[path] = tail

    def _original_of(self, path: str) -> FilePosition | None:
        """The position of the file that ``path`` is a copy of, compressed or not; it is read already, or will be."""
        siblings = [position for position in self._positions.values() if is_sibling(path, position.path)]
        head = head_of(path, compression_of(path)) if siblings else b""
        return next((each for each in siblings if each.head.length > 0 and each.head.begins(head)), None)

    def _kind_of(self, path: str) -> str:
        chosen = self._config.decompression
        return (chosen.format or compression_of(path)) if chosen.enabled else compression_of(path)

    def _open(self, path: str, name: str, offset: int, kind: str, head: Head | None = None) -> bool:
        try:
            tail = Tail(path, name, offset, self._config.encoding, kind, head)
        except OSError as error:
            self._complain(f"open {path}", f"{path}: {error.strerror or error}")
            return False
        if tail.key in self._tails:
            tail.close()
            return True
        self._complain(f"open {path}", "")
        self._tails[tail.key] = tail
        self._by_path[path] = tail
        if kind or name != path:
            tail.rotated(self._monotonic_s())
        self._note(tail)
        return True

    def _note(self, tail: Tail) -> None:
        self._positions[tail.key] = tail.position()
        self.changed.add(tail.key)

    def _has_ended(self, tail: Tail) -> bool:
        if compression_of(tail.path) or self._kind_of(tail.path):
            return True
        if tail.rotated_at_s is None and _is_open_as(tail.path, tail):
            return False
        now_s = self._monotonic_s()
        return now_s - tail.rotated(now_s) >= _ROTATE_WAIT_S

    def _close(self, key: str, is_done: bool) -> None:
        tail = self._tails.pop(key)
        if self._by_path.get(tail.path) is tail:
            del self._by_path[tail.path]
        self._positions[key] = tail.position(is_done)
        self.changed.add(key)
        tail.close()


def _is_open_as(path: str, tail: Tail) -> bool:
    """Whether the path still names the file that is open."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == (tail.device, tail.inode)


def _is_still_there(position: FilePosition) -> bool:
    try:
        status = os.stat(position.path)
    except OSError:
        return False
    kind = compression_of(position.path)
    is_same = (status.st_dev, status.st_ino) == (position.device, position.inode)
    return (
        is_same
        and (kind != "" or status.st_size >= position.offset)
        and position.head.begins(head_of(position.path, kind))
    )


def _exists(position: FilePosition) -> bool:
    for path in (position.path, *siblings_of(position.path)):
        try:
            status = os.stat(path)
        except OSError:
            continue
        if (status.st_dev, status.st_ino) == (position.device, position.inode):
            return True
    return False
