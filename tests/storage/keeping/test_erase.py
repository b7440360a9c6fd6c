"""Deletes carried out: after the cancel window the bytes are gone, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from storage.database import Database
from storage.deletes import DeleteRequest, DeleteState, Hits
from storage.part.packing import unpacked
from storage.policies import Policies
from storage.source import Source
from tests.storage.databases import assert_holds
from tests.storage.entries import Entry, entries_of, numbered_batch
from tests.storage.keeping.clock import SECOND, Clock, clocked

WINDOW_S = 100
ROWS = set(entries_of(numbered_batch(0, 60, padding=20)))


def ending_in(request: DeleteRequest) -> Hits:
    def hits(source: Source) -> NDArray[np.bool_] | None:
        mask = np.array([line.split()[1].endswith(request.query) for line in source.line().to_pylist()], np.bool_)
        mask &= (source.ts() >= request.start_ns) & (source.ts() <= request.end_ns)
        return mask if mask.any() else None

    return hits


POLICIES = Policies(hits=ending_in, erase_after_ns=lambda _: WINDOW_S * SECOND)


def asked(number: int, digit: str, start: int = 0, end: int = 1000) -> DeleteRequest:
    return DeleteRequest(f"{number:08x}", "fake", digit, start, end, 0)


def without(*digits: str) -> set[Entry]:
    return {entry for entry in ROWS if not entry.line.split()[1].endswith(digits)}


def fill(database: Database) -> None:
    database.append("fake", numbered_batch(0, 20, padding=20)).result(10)
    database.flush()
    database.append("fake", numbered_batch(20, 20, padding=20)).result(10)
    database.flush()
    database.append("fake", numbered_batch(40, 20, padding=20)).result(10)


def on_disk(root: Path, text: bytes) -> bool:
    """Whether a line is in any part: those of tests are too short to be compressed."""
    import pyarrow as pa

    for path in (root / "parts").rglob("*.arrow"):
        with pa.ipc.open_file(path) as file:
            chunks = [unpacked(file.get_batch(number)) for number in range(file.num_record_batches)]
            lines = [line for chunk in chunks for line in chunk["line"].to_pylist()]
        if any(text in line.encode() for line in lines):
            return True
    return False


def test_bytes_leave_when_the_request_can_no_longer_be_taken_back(tmp_path: Path) -> None:
    clock = Clock(1.0)
    with clocked(tmp_path, clock, POLICIES) as database:
        fill(database)
        database.deletes.put(asked(1, "7"))
        clock.now_s = WINDOW_S - 1.0
        database.keep_now()
        assert on_disk(tmp_path, b"line 17 ")
        assert database.deletes.of("fake") == [asked(1, "7")]
        clock.now_s = float(WINDOW_S)
        database.keep_now()
        assert not on_disk(tmp_path, b"line 17 ")
        (done,) = database.deletes.of("fake")
        assert (done.state, done.erased_rows, done.processed_ns) == (DeleteState.PROCESSED, 6, WINDOW_S * SECOND)
        assert_holds(database, "fake", without("7"))
    with clocked(tmp_path, clock, POLICIES) as database:
        assert_holds(database, "fake", without("7"))


@pytest.mark.parametrize("merged", [False, True])
def test_several_requests_at_once_count_each_row_once(tmp_path: Path, merged: bool) -> None:
    clock = Clock(1000.0)
    with clocked(tmp_path, clock, POLICIES) as database:
        fill(database)
        database.flush()
        if merged:
            database.merge_now()
        database.deletes.put(asked(1, "7"))
        database.deletes.put(asked(2, "17"))
        database.deletes.put(asked(3, "8", 0, 30))
        database.keep_now()
        counts = [request.erased_rows for request in database.deletes.of("fake")]
        assert counts == [6, 0, 3]
        assert_holds(database, "fake", without("7") - {entry for entry in ROWS if entry.ts in (8, 18, 28)})


def test_a_request_that_hits_nothing_is_processed_too(tmp_path: Path) -> None:
    with clocked(tmp_path, Clock(1000.0), POLICIES) as database:
        fill(database)
        before = sorted(tmp_path.rglob("*.arrow"))
        database.deletes.put(asked(1, "none"))
        database.keep_now()
        assert database.deletes.of("fake")[0].state is DeleteState.PROCESSED
        assert sorted(tmp_path.rglob("*.arrow")) == before


def test_where_rows_are_only_hidden_nothing_is_ever_erased(tmp_path: Path) -> None:
    with clocked(tmp_path, Clock(1e6), Policies(hits=ending_in)) as database:
        fill(database)
        database.flush()
        database.deletes.put(asked(1, "7"))
        database.keep_now()
        assert on_disk(tmp_path, b"line 17 ")
        assert database.deletes.of("fake")[0].state is DeleteState.RECEIVED


def test_a_part_of_which_nothing_is_left_goes(tmp_path: Path) -> None:
    with clocked(tmp_path, Clock(1000.0), POLICIES) as database:
        fill(database)
        database.deletes.put(asked(1, "", 0, 19))
        database.keep_now()
        assert_holds(database, "fake", {entry for entry in ROWS if entry.ts > 19})
    with clocked(tmp_path, Clock(1000.0), POLICIES) as database:
        assert_holds(database, "fake", {entry for entry in ROWS if entry.ts > 19})


def test_rows_of_a_part_that_cannot_be_read_now_stay_hidden_when_it_can(tmp_path: Path) -> None:
    """Such as one of a newer version: until it is back, nobody knows whether all rows are erased."""
    clock = Clock(float(WINDOW_S))
    with clocked(tmp_path, clock, POLICIES) as database:
        fill(database)
        database.deletes.put(asked(1, "7"))
    index = min(tmp_path.rglob("*.index"))
    content = index.read_bytes()
    index.write_bytes(content[:8] + b"\xff" + content[9:])
    with clocked(tmp_path, clock, POLICIES) as database:
        database.keep_now()
        (pending,) = database.deletes.of("fake")
        assert (pending.state, pending.erased_rows) == (DeleteState.RECEIVED, 4)
    index.write_bytes(content)
    with clocked(tmp_path, clock, POLICIES) as database:
        assert_holds(database, "fake", without("7"))
        database.keep_now()
        assert not on_disk(tmp_path, b"line 7 ")
        (done,) = database.deletes.of("fake")
        assert (done.state, done.erased_rows) == (DeleteState.PROCESSED, 6)
