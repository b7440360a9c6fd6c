"""A database with real files against a set: whatever happens in whatever order, each row is there once.

Crashes are copies of the folder opened in place of it, also with the last log file torn behind what was acknowledged.
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

from storage.batch import Batch
from storage.database import Database
from storage.deletes import DeleteRequest, Hits
from storage.policies import Policies
from storage.settings import StorageSettings
from storage.source import Source
from storage.stores import LogFiles
from tests.storage.entries import Entry, batch_of, entries_of
from tests.storage.strategies import entry_lists

TENANTS = st.sampled_from(["fake", "b..b", "x.tmp"])
# Small enough that a few appends fill files and chunks.
SMALL = StorageSettings(head_age_s=1e9, wal_segment_bytes=3000, chunk_bytes=50)


def hits_of_line(request: DeleteRequest) -> Hits:
    """The query of a delete request here is the whole line."""
    return lambda source: np.array([line == request.query for line in source.line().to_pylist()], bool)


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
        self.numbers = count()
        self.database = self.open()

    @property
    def root(self) -> Path:
        return self.home / str(self.generation)

    def open(self) -> Database:
        database = Database(self.root, SMALL, policies=Policies(hits=hits_of_line))
        database.start()
        return database

    def move_to_copy(self) -> Database:
        """Copy the folder as it is now; answers the database that still runs on the old one."""
        left_behind = self.database
        old = self.root
        self.generation += 1
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

    @rule(forgets_index=st.booleans())
    def crash_before_what_was_merged_is_deleted(self, forgets_index: bool) -> None:
        """The merge of this moment gets as far as its index, or only its data."""
        left_behind = self.move_to_copy()
        before = set(self.root.rglob("*.index"))
        left_behind.merge_now()
        left_behind.stop()
        shutil.copytree(self.home / str(self.generation - 1), self.root, dirs_exist_ok=True)
        for path in set(self.root.rglob("*.index")) - before if forgets_index else ():
            path.unlink()
        self.database = self.open()

    @rule()
    def restart(self) -> None:
        self.database.stop()
        self.database = self.open()

    @rule()
    def crash(self) -> None:
        left_behind = self.move_to_copy()
        left_behind.stop()
        self.database = self.open()

    @rule(torn=st.binary(min_size=1, max_size=60))
    def crash_in_the_middle_of_a_write(self, torn: bytes) -> None:
        left_behind = self.move_to_copy()
        left_behind.stop()
        files = LogFiles(self.root / "wal")
        if files.numbers():
            with files.path(files.numbers()[-1]).open("ab") as file:
                file.write(torn)
        self.database = self.open()

    @rule()
    def crash_before_the_last_index_was_written(self) -> None:
        """The flush of this moment gets as far as its data files."""
        left_behind = self.move_to_copy()
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
        assert self.database.metrics()["flush_failures_total"] == 0

    def teardown(self) -> None:
        self.database.stop()
        shutil.rmtree(self.home)


TestDatabase = DatabaseMachine.TestCase
TestDatabase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
