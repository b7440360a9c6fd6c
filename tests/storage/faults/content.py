"""The bytes of one file as programs see them, and as a power cut would leave them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Content", "Outcome"]

_SECTOR_BYTES = 512


class Outcome(Enum):
    """What becomes of the bytes and names that were not synced when the power went."""

    LOST = "lost"  # all of them
    KEPT = "kept"  # none of them
    TORN = "torn"  # some sectors and some names; what lies between is zeros or what the disk had there before
    KILLED = "killed"  # only the process ended: nothing is lost yet, and nothing is synced yet


@dataclass(slots=True)
class Content:
    """``unsynced`` are (offset, bytes) written and (size, None) cut, in their order."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        _apply(self.now, offset, data)
        self.unsynced.append((offset, data))

    def truncate(self, size: int) -> None:
        _apply(self.now, size, None)
        self.unsynced.append((size, None))

    def sync(self) -> None:
        for offset, data in self.unsynced:
            _apply(self.durable, offset, data)
        self.unsynced.clear()

    def fail_to_sync(self) -> None:
        """Linux takes the pages for clean after it: no later sync writes them, and still every reader sees them."""
        self.unsynced.clear()

    def after(self, outcome: Outcome, chance: random.Random) -> Content:
        """What a program finds when the machine is up again."""
        found = {
            Outcome.LOST: lambda: self.durable,
            Outcome.KEPT: lambda: self.now,
            Outcome.TORN: lambda: self._torn(chance),
        }[outcome]()
        return Content(bytearray(found), bytearray(found))

    def _torn(self, chance: random.Random) -> bytearray:
        found = bytearray(self.durable)
        for offset, data in self.unsynced:
            if data is None:
                if chance.random() < 0.5:
                    _apply(found, offset, None)
                continue
            if chance.random() < 0.3:  # the size was not written, nor anything behind a point
                data = data[: chance.randrange(len(data) + 1)]
            for start, stop in _sectors(offset, len(data)):
                kept = data[start - offset : stop - offset]
                _apply(found, start, _sector(kept, bytes(found[start:stop]), chance))
        return found


def _sector(new: bytes, old: bytes, chance: random.Random) -> bytes:
    fate = chance.random()
    if fate < 0.5:
        return new
    if fate < 0.9:
        return old.ljust(len(new), b"\0")
    return old + chance.randbytes(len(new) - len(old))


def _sectors(offset: int, size: int) -> list[tuple[int, int]]:
    """The pieces of [offset, offset + size) that end at multiples of a sector."""
    ends = [*range(offset - offset % _SECTOR_BYTES + _SECTOR_BYTES, offset + size, _SECTOR_BYTES), offset + size]
    return list(zip([offset, *ends], ends, strict=False))


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write ``data`` at ``offset``, or without data make the content ``offset`` bytes long."""
    content.extend(bytes(max(0, offset - len(content))))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data
