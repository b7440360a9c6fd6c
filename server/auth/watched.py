"""A file of credentials as a running server sees it: read again soon after it has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from server.auth.errors import CredentialError
from server.auth.records import Record, parse_records
from server.auth.secret_file import read_secret

__all__ = ["LOOK_EVERY_S", "WatchedFile"]

log = logging.getLogger("skaldlog.auth")

R = TypeVar("R", bound=Record)
LOOK_EVERY_S = 0.5

Signature = tuple[int, int, int] | None


class WatchedFile(Generic[R]):
    """The records of a file by a key. A file that goes takes its records with it; one that cannot be read changes
    nothing, so that a slip of an editor does not lock everybody out.
    """

    def __init__(self, path: Path, kind: type[R], key: Callable[[R], str], clock: Callable[[], float]) -> None:
        """Raises CredentialError when it cannot be used."""
        self._path, self._kind, self._key, self._clock = path, kind, key, clock
        self._signature = _signature(path)
        self._looked_s = clock()
        self._records = self._read()

    def find(self, key: str) -> R | None:
        """The record with this key."""
        self._look()
        return self._records.get(key)

    def _look(self) -> None:
        now_s = self._clock()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        signature = _signature(self._path)
        if signature == self._signature:
            return
        self._signature = signature
        try:
            self._records = self._read()
            log.info("%s was read again: %d %s", self._path, len(self._records), self._kind.section)
        except CredentialError as error:
            log.error("%s, what it held before stays in force", error)

    def _read(self) -> dict[str, R]:
        try:
            return {self._key(record): record for record in parse_records(read_secret(self._path), self._kind)}
        except OSError as error:
            raise CredentialError(f"{self._path} cannot be read: {error.strerror}") from error
        except CredentialError as error:
            raise CredentialError(f"{self._path} {error}") from error


def _signature(path: Path) -> Signature:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
