"""What goes wrong, and at which call."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

__all__ = ["Crash", "Fault", "FaultKind"]

# Calls that change the disk; before any other a crash finds what it finds after the one before.
_NEEDS_SPACE = frozenset({"create", "write", "sync", "rename", "make_folder", "reserve"})
_BUCKET_CHANGES = frozenset({"bucket put", "bucket delete"})
_CHANGES = _NEEDS_SPACE | _BUCKET_CHANGES | {"truncate", "unlink", "sync_folder"}


class Crash(BaseException):
    """The machine is gone. No Exception, because a program cannot handle it."""


class FaultKind(Enum):
    CRASH = "crash"
    NO_SPACE = "no space"
    IO_ERROR = "I/O error"
    READ_ERROR = "read error"
    SHORT_WRITE = "short write"
    LOST_ANSWER = "lost answer"


_CONCERNED = {
    FaultKind.CRASH: _CHANGES,
    FaultKind.NO_SPACE: _NEEDS_SPACE | {"bucket put"},
    FaultKind.IO_ERROR: _CHANGES,
    FaultKind.READ_ERROR: frozenset({"edit", "exists", "open", "read", "walk", "bucket read"}),
    FaultKind.SHORT_WRITE: frozenset({"write"}),
    FaultKind.LOST_ANSWER: _BUCKET_CHANGES,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``at_call`` counts from 1 the calls that the fault concerns; a lasting one hits all that follow, too."""

    kind: FaultKind
    at_call: int
    is_lasting: bool = False

    def concerns(self, operation: str) -> bool:
        return operation in _CONCERNED[self.kind]

    @property
    def is_error(self) -> bool:
        return self.kind not in {FaultKind.CRASH, FaultKind.SHORT_WRITE, FaultKind.LOST_ANSWER}

    def error(self, operation: str, path: Path) -> OSError:
        number = errno.ENOSPC if self.kind is FaultKind.NO_SPACE else errno.EIO
        return OSError(number, f"{self.kind.value}, says the test, at {operation}", str(path))
