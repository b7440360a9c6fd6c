"""A database with real files against a set: whatever happens in whatever order, each row is there once.

Crashes are copies of the folder opened in place of it, also with the last log file torn behind what was acknowledged.
Old parts move to a bucket in memory, of which a crash has a copy, too.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule
from numpy.typing import NDArray

from storage.batch import Batch
from storage.database import Database
from storage.deletes import DeleteRequest, DeleteState, Hits
from storage.part import Part
from storage.policies import Policies
from storage.retention import Retention
from storage.settings import StorageSettings
from storage.source import Source
from storage.stores import LogFiles, S3Settings
from tests.storage.entries import Entry, batch_of, entries_of, entries_of_sources
from tests.storage.faults.bucket import BucketClient
from tests.storage.faults.machine import Machine
from tests.storage.strategies import entry_lists

TENANTS = st.sampled_from(["fake", "b..b", "x.tmp"])
# Small enough that a few appends fill files and chunks.
SMALL = StorageSettings(
    head_age_s=1e9, wal_segment_bytes=3000, chunk_bytes=50, cold_after_s=1, s3=S3Settings("logs"), cache_bytes=0
)
NOW_S = 1_800_000_000


def hits_of_line(request: DeleteRequest) -> Hits:
    """The query of a delete request here is the whole line."""

    def hits(source: Source) -> NDArray[np.bool_] | None:
        hit = np.array([line == request.query for line in source.line().to_pylist()], bool)
        return hit if hit.any() else None

    return hits


def visible(source: Source) -> list[Entry]:
    """Of any source: one whose rows are hidden keeps its bounds."""
    return entries_of(Batch(tuple(source.streams), source.stream(), source.ts(), source.line(), source.metadata()))


class DatabaseMachine(RuleBasedStateMachine):
    pushed = Bundle("pushed")

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.generation = 0
        self.model: dict[str, set[Entry]] = {}
        self.deletes: list[DeleteRequest] = []
        self.bucket: dict[str, bytes] = {}
        self.erases = False
        self.retention = Retention()
        self.numbers = count()
        self.database = self.open()

    @property
    def root(self) -> Path:
        return self.home / str(self.generation)

    def open(self) -> Database:
        policies = Policies(
            hits=hits_of_line,
            retention=lambda _: self.retention,
            erase_after_ns=lambda _: 0 if self.erases else None,
        )
        client = BucketClient(self.bucket, Machine())
        database = Database(self.root, SMALL, lambda: NOW_S, policies=policies, connect=lambda _: client)
        database.start()
        return database

    def parts(self) -> list[Part]:
        return [part for tenant in self.model for part in self.database.parts(tenant)]

    def stored(self, tenant: str) -> list[Entry]:
        """Hidden rows, too."""
        return entries_of_sources(self.database.tenant(tenant).sources())

    def move_to_copy(self) -> tuple[Database, dict[str, bytes]]:
        """Copy folder and bucket as they are now; answers the database that still runs on the old ones."""
        left_behind = self.database, self.bucket
        old = self.root
        self.generation += 1
        self.bucket = dict(self.bucket)
        shutil.copytree(old, self.root)
        return left_behind

    @rule(target=pushed, tenant=TENANTS, entries=entry_lists(min_size=1))
    def append(self, tenant: str, entries: list[Entry]) -> tuple[str, list[Entry]]:
        self.database.append(tenant, batch_of(entries)).result(10)
        self.model.setdefault(tenant, set()).update(entries)
        return tenant, entries

    @rule(push=pushed, others=entry_lists())
    def append_again_with_others(self, push: tuple[str, list[Entry]], others: list[Entry]) -> None:
        tenant, entries = push
        self.append(tenant, entries + others)

    @rule(target=pushed, pushes=st.lists(st.tuples(TENANTS, entry_lists(min_size=1)), min_size=2, max_size=4))
    def append_without_waiting(self, pushes: list[tuple[str, list[Entry]]]) -> object:
        futures = [self.database.append(tenant, batch_of(entries)) for tenant, entries in pushes]
        for future in futures:
            future.result(10)
        for tenant, entries in pushes:
            self.model.setdefault(tenant, set()).update(entries)
        return multiple(*pushes)

    @rule(push=pushed)
    def delete_a_line(self, push: tuple[str, list[Entry]]) -> None:
        """All rows of a tenant with this line are hidden at once, and those that come later."""
        tenant, entries = push
        request = DeleteRequest(f"{next(self.numbers):08x}", tenant, entries[0].line, -(1 << 63), (1 << 63) - 1, 0)
        self.database.deletes.put(request)
        self.deletes.append(request)

    @precondition(lambda self: self.deletes)
    @rule(data=st.data())
    def cancel_a_delete(self, data: st.DataObject) -> None:
        request = self.deletes.pop(data.draw(st.integers(0, len(self.deletes) - 1)))
        self.database.deletes.remove(request)

    @rule()
    def flush(self) -> None:
        self.database.flush()

    @rule()
    def merge(self) -> None:
        self.database.merge_now()

    @rule()
    def move(self) -> None:
        """Every part whose rows are all of the past."""
        self.database.keep_now()
        assert all(part.store.kind == "bucket" or part.index.max_ts >= (NOW_S - 1) * 10**9 for part in self.parts())

    @rule()
    def erase(self) -> None:
        self.erases = True
        self.database.keep_now()
        self.erases = False
        for request in self.deletes:
            kept = {entry for entry in self.model.get(request.tenant, ()) if entry.line != request.query}
            self.model[request.tenant] = kept
        self.deletes.clear()
        for tenant, kept in self.model.items():
            assert {each.state for each in self.database.deletes.of(tenant)} <= {DeleteState.PROCESSED}
            assert set(self.stored(tenant)) == kept

    @precondition(lambda self: any(self.model.values()))
    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        """What is young enough stays; what is not goes at the latest when nothing of its stream and part is."""
        times = sorted({entry.ts for entries in self.model.values() for entry in entries})
        cutoff = min(data.draw(st.sampled_from(times)) + 1, NOW_S * 10**9 - 1)
        self.retention = Retention(NOW_S * 10**9 - cutoff)
        self.database.keep_now()
        self.retention = Retention()
        for tenant, entries in self.model.items():
            found = set(self.stored(tenant))
            assert found <= entries
            assert {entry for entry in entries if entry.ts >= cutoff} <= found
            self.model[tenant] = found
        for part in self.parts():
            assert min(part.index.newest_ts.tolist()) >= cutoff

    @rule(reached=st.sampled_from(["the data", "the local index", "the index"]))
    def crash_before_what_was_moved_is_deleted(self, reached: str) -> None:
        left_behind, left_bucket = self.move_to_copy()
        left_behind.keep_now()
        left_behind.stop()
        self.bucket |= {key: data for key, data in left_bucket.items() if key.endswith(".arrow")}
        if reached != "the data":
            shutil.copytree(self.home / str(self.generation - 1) / "indexes", self.root / "indexes", dirs_exist_ok=True)
        if reached == "the index":
            self.bucket |= left_bucket
        self.database = self.open()

    @rule(forgets_index=st.booleans())
    def crash_before_what_was_merged_is_deleted(self, forgets_index: bool) -> None:
        """The merge of this moment gets as far as its index, or only its data."""
        left_behind, left_bucket = self.move_to_copy()
        before = set(self.root.rglob("*.index"))
        left_behind.merge_now()
        left_behind.stop()
        shutil.copytree(self.home / str(self.generation - 1), self.root, dirs_exist_ok=True)
        self.bucket |= {key: data for key, data in left_bucket.items() if not forgets_index or key.endswith(".arrow")}
        for path in set(self.root.rglob("*.index")) - before if forgets_index else ():
            path.unlink()
        self.database = self.open()

    @rule()
    def restart(self) -> None:
        self.database.stop()
        self.database = self.open()

    @rule()
    def crash(self) -> None:
        left_behind, _ = self.move_to_copy()
        left_behind.stop()
        self.database = self.open()

    @rule(torn=st.binary(min_size=1, max_size=60))
    def crash_in_the_middle_of_a_write(self, torn: bytes) -> None:
        left_behind, _ = self.move_to_copy()
        left_behind.stop()
        files = LogFiles(self.root / "wal")
        if files.numbers():
            with files.path(files.numbers()[-1]).open("ab") as file:
                file.write(torn)
        self.database = self.open()

    @rule()
    def crash_before_the_last_index_was_written(self) -> None:
        """The flush of this moment gets as far as its data files."""
        left_behind, _ = self.move_to_copy()
        before = set(self.root.rglob("*.arrow"))
        left_behind.flush()
        old = self.home / str(self.generation - 1)
        for path in old.rglob("*.arrow"):
            target = self.root / path.relative_to(old)
            if target not in before:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        left_behind.stop()
        self.database = self.open()

    @rule()
    def crash_and_lose_all_indexes(self) -> None:
        self.crash()
        self.database.stop()
        for path in self.root.rglob("*.index"):
            path.unlink()
        self.database = self.open()

    @invariant()
    def every_acknowledged_row_is_there_once(self) -> None:
        for tenant, entries in self.model.items():
            hidden = {request.query for request in self.deletes if request.tenant == tenant}
            found = Counter(entry for source in self.database.sources(tenant) for entry in visible(source))
            assert found == Counter(entry for entry in entries if entry.line not in hidden)

    @invariant()
    def nothing_was_damaged(self) -> None:
        metrics = self.database.metrics()
        assert {metrics[f"{what}_failures_total"] for what in ("flush", "keeping", "merge")} == {0}

    def teardown(self) -> None:
        self.database.stop()
        shutil.rmtree(self.home)


TestDatabase = DatabaseMachine.TestCase
TestDatabase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
