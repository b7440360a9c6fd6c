"""A database on a machine, its clients, and the ledger of what they were told."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storage.backup import back_up, restore
from storage.batch import Batch
from storage.database import Database
from storage.deletes import DeleteRequest, DeleteState, Hits
from storage.errors import StorageUnavailable
from storage.labels import Labels
from storage.policies import Policies
from storage.retention import Retention, RetentionRule
from storage.settings import StorageSettings
from storage.source import Source
from storage.stores import DiskStore, S3Settings
from tests.storage.entries import Entry, batch_of, entries_of
from tests.storage.faults.bucket import BucketClient
from tests.storage.faults.content import Outcome
from tests.storage.faults.fault import Crash
from tests.storage.faults.ledger import Ledger
from tests.storage.faults.machine import DATA, Machine

__all__ = ["REFUSALS", "TENANTS", "World", "quiet_crashes", "rows_of"]

TENANTS = ("fake", "other")
REFUSALS = (StorageUnavailable, OSError)
_DAY_NS = 86_400 * 10**9
_FIRST_NS = 1_700_000_000 * 10**9
_ROWS = 6  # a push
_FAR_NS = 2_000_000_000 * 10**9
_BACKUPS, _RESTORED = DATA.parent / "backups", DATA.parent / "restored"
_POLL_S = 0.02
_ATTEMPTS = 100


def rows_of(number: int) -> list[Entry]:
    """The rows of push ``number``: two streams, two days, later pushes between the rows of earlier ones."""
    return [
        Entry(
            Labels({"app": "web" if row % 2 else "db"}),
            _FIRST_NS + (row % 3) * _DAY_NS // 2 + row * 1000 + (number * 7) % 20,
            f"push {number} row {row} level=info " + "x" * 60,
            frozenset({("trace", f"{number}-{row}"), ("level", "info")}),
        )
        for row in range(_ROWS)
    ]


def _hits(request: DeleteRequest) -> Hits:
    """The query of a delete request here is ``push NUMBER``."""

    def hits(source: Source) -> NDArray[np.bool_] | None:
        hit = np.array([line.startswith(f"{request.query} ") for line in source.line().to_pylist()], bool)
        return hit if hit.any() else None

    return hits


def batch_of_push(number: int) -> Batch:
    return batch_of(rows_of(number))


class World:
    """``database`` is the one that runs now; ``None`` when it could not be started."""

    def __init__(self, machine: Machine, settings: StorageSettings, ledger: Ledger | None = None) -> None:
        self.machine, self.settings = machine, settings
        self.ledger = ledger or Ledger()
        self.pushes: dict[tuple[str, int], None] = {}
        self.bucket: dict[str, bytes] = {}
        self.now_s = _FIRST_NS / 1e9 + 3 * 86_400
        self._expired: set[str] = set()
        self._erases = False
        self._policies = Policies(hits=_hits, retention=self._retention, erase_after_ns=self._erase_after_ns)
        self._restored: dict[Path, dict[str, set[Entry]]] = {}
        self._whole: set[Path] = set()
        self._folders = count()
        self._database: Database | None = None
        self._backed_up: dict[str, set[Entry]] | None = None

    @property
    def database(self) -> Database:
        """Started when it is not running."""
        if self._database is None:
            self._database = self._start(DATA)
        return self._database

    def _start(self, root: Path) -> Database:
        database = Database(
            root,
            self.settings,
            lambda: self.now_s,
            files=self.machine,
            policies=self._policies,
            connect=self._connect,
        )
        try:
            database.start()
        except BaseException:
            _stop(database)
            raise
        return database

    def _connect(self, _: S3Settings) -> BucketClient:
        return BucketClient(self.bucket, self.machine)

    def _retention(self, _: str) -> Retention:
        rules = (RetentionRule(lambda labels: labels.get("app") in self._expired, 0, 3600 * 10**9),)
        return Retention(rules=rules) if self._expired else Retention()

    def _erase_after_ns(self, _: str) -> int | None:
        return 0 if self._erases else None

    def close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.stop()

    def lose_power(self, outcome: Outcome, chance: random.Random) -> None:
        """The next machine has what this one leaves."""
        self.machine = self.machine.after(outcome, chance)
        database, self._database = self._database, None
        if database is not None:
            _stop(database)

    def push(self, tenant: str, numbers: Sequence[int]) -> None:
        """All at once; raises when one of them is refused."""
        database = self.database
        for number in numbers:
            self.pushes[tenant, number] = None
            self.ledger.asks_to_keep(tenant, rows_of(number))
        futures = [(number, database.append(tenant, batch_of_push(number))) for number in numbers]
        errors = [error for number, future in futures if (error := self._answer(tenant, number, future))]
        if errors:
            raise errors[0]

    def _answer(self, tenant: str, number: int, future: Future[None]) -> StorageUnavailable | None:
        try:
            self._wait(future)
        except StorageUnavailable as error:
            return error
        self.ledger.has_kept(tenant, rows_of(number))
        return None

    def _wait(self, future: Future[None]) -> None:
        while True:
            try:
                return future.result(_POLL_S)
            except FutureTimeoutError:
                if self.machine.died.is_set():
                    raise Crash from None

    def push_all_again(self) -> None:
        """As clients do that are not sure, and some new rows."""
        for tenant, number in [*self.pushes, *((tenant, 1000) for tenant in TENANTS)]:
            self._push_until_taken(tenant, number)

    def _push_until_taken(self, tenant: str, number: int) -> None:
        """An earlier refusal may still be under way when the disk is well again."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self.push(tenant, [number])
            except StorageUnavailable:
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(_POLL_S)
            else:
                return

    def delete(self, tenant: str, number: int) -> None:
        """All rows of a push, hidden at once."""
        database = self.database
        request = DeleteRequest(f"{number:08x}", tenant, f"push {number}", 0, _FAR_NS, int(self.now_s * 1e9))
        rows = rows_of(number)
        self.pushes.pop((tenant, number), None)
        self.ledger.asks_to_drop(tenant, rows)
        database.deletes.put(request)
        self.ledger.has_dropped(tenant, rows)

    def expire(self, *apps: str) -> None:
        """From now on the rows of these streams are kept for an hour; all of them are older."""
        database = self.database
        self._expired.update(apps)
        for tenant in self.ledger.tenants:
            self.ledger.asks_to_drop(tenant, self._expired_rows(tenant))
        database.keep_now()

    def erase(self) -> None:
        """From now on delete requests cannot be taken back."""
        database = self.database
        self._erases = True
        database.keep_now()

    def _expired_rows(self, tenant: str) -> set[Entry]:
        return {row for row in self.ledger.allowed[tenant] if row.labels.get("app") in self._expired}

    def check_kept(self) -> None:
        """Nothing fails any more: what has expired and what was deleted has left the stores."""
        database = self.database
        database.flush()
        for tenant in self.ledger.tenants:
            self.ledger.asks_to_drop(tenant, self._expired_rows(tenant))
        database.keep_now()
        for tenant in self.ledger.tenants:
            self.ledger.has_dropped(tenant, self._expired_rows(tenant))
            stored = [row for part in database.parts(tenant) for chunk in part.chunks for row in _entries(chunk)]
            if self._erases:
                assert {each.state for each in database.deletes.of(tenant)} <= {DeleteState.PROCESSED}
                self.ledger.check(tenant, stored)
        self.check()

    def restore(self) -> None:
        """Beside what there is; whole from now on. Nothing before there is a backup."""
        if self._backed_up is not None:
            root = DATA.parent / f"{_RESTORED.name}{next(self._folders)}"
            self._restored[root] = self._backed_up
            restore(DiskStore(_BACKUPS, self.machine), root, files=self.machine)
            self._whole.add(root)

    def back_up(self) -> None:
        """All rows acknowledged so far are in a backup from now on."""
        required = {tenant: set(rows) for tenant, rows in self.ledger.required.items()}
        back_up(DATA, DiskStore(_BACKUPS, self.machine), self.now_s, files=self.machine)
        self._backed_up = required

    def check_backup(self) -> None:
        """The newest complete backup has the rows of the last one that was said to be complete, once."""
        if self._backed_up is None:
            return
        restore(DiskStore(_BACKUPS, self.machine), _RESTORED, files=self.machine)
        self._check_restored(_RESTORED, self._backed_up)
        for root, rows in self._restored.items():
            is_begun = any(True for folder in ("wal", "parts") for _ in self.machine.walk(root / folder))
            try:
                if is_begun or root in self._whole:
                    self._check_restored(root, rows)
            except OSError:
                if root in self._whole:
                    raise

    def _check_restored(self, root: Path, backed_up: dict[str, set[Entry]]) -> None:
        database = self._start(root)
        try:
            for tenant, rows in backed_up.items():
                found = Counter(entry for source in database.sources(tenant) for entry in _entries(source))
                assert set(found.values()) <= {1}, "the backup has rows twice"
                missing = (rows & self.ledger.required[tenant]) - set(found)  # a later backup has a later delete
                assert not missing, f"{len(missing)} rows are not in the backup"
        finally:
            database.stop()

    def forgive_first(self, tenant: str) -> None:
        """The rows of the first push that was acknowledged may be lost."""
        required = self.ledger.required.get(tenant, set())
        numbers = [number for each, number in self.pushes if each == tenant and set(rows_of(number)) <= required]
        self.ledger.asks_to_drop(tenant, rows_of(numbers[0]) if numbers else ())

    def check(self, lost_are_counted: bool = False) -> None:
        """Every row that must be there once, and no other. Raises OSError when rows cannot be read now.

        With ``lost_are_counted`` rows may be missing for as long as the database says that something is damaged.
        """
        for tenant in self.ledger.tenants:
            found = [entry for source in self.database.sources(tenant) for entry in _entries(source)]
            is_known = lost_are_counted and self.database.metrics()["quarantined_objects_total"] > 0
            self.ledger.check(tenant, found, may_miss=is_known)


def _entries(source: Source) -> list[Entry]:
    """Of any source: one whose rows are hidden keeps its bounds."""
    return entries_of(Batch(tuple(source.streams), source.stream(), source.ts(), source.line(), source.metadata()))


def _stop(database: Database) -> None:
    """End the threads of a database whose machine is gone."""
    try:
        database.stop()
    except (Crash, OSError):
        database._folder_lock.release()


@contextmanager
def quiet_crashes() -> Iterator[None]:
    """A thread that ends with its machine is no news."""
    usual = threading.excepthook

    def hook(arguments: threading.ExceptHookArgs) -> None:
        if not issubclass(arguments.exc_type, Crash):
            usual(arguments)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = usual
