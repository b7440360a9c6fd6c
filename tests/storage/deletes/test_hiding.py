"""Hiding: every reader sees exactly the rows that no pending request hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from storage.batch import Batch
from storage.database import Database
from storage.deletes import DeleteRequest, HiddenSource, Hits
from storage.policies import Policies
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from tests.storage.databases import opened
from tests.storage.entries import Entry, batch_of, entries_of, numbered_batch
from tests.storage.strategies import batches


def rows_of(source: Source) -> list[Entry]:
    return entries_of(Batch(tuple(source.streams), source.stream(), source.ts(), source.line(), source.metadata()))


def always(mask: list[bool] | None) -> Hits:
    return lambda _: None if mask is None else np.array(mask)


@given(batches(min_size=1), st.data())
def test_a_hidden_source_is_the_source_without_the_rows_of_all_hits(batch: Batch, data: st.DataObject) -> None:
    one_a_row = st.lists(st.booleans(), min_size=len(batch), max_size=len(batch))
    masks = data.draw(st.lists(st.none() | one_a_row, max_size=3))
    hits = [always(mask) for mask in masks]
    hidden = HiddenSource(BatchSource(batch), hits)
    gone = [any(mask[row] for mask in masks if mask is not None) for row in range(len(batch))]
    left = [entry for entry, is_gone in zip(entries_of(batch), gone, strict=True) if not is_gone]
    assert len(hidden) == len(left)
    assert rows_of(hidden) == left


class Numbers:
    """Reads a request as the last digits of the lines that it means, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def __call__(self, request: DeleteRequest) -> Hits:
        if request.query == "unreadable":
            raise ValueError("unreadable")

        def hits(source: Source) -> NDArray[np.bool_] | None:
            self.asked[request.id] += 1
            mask = np.array([line.endswith(f"{request.query} ") for line in source.line().to_pylist()])
            mask &= (source.ts() >= request.start_ns) & (source.ts() <= request.end_ns)
            return mask if mask.any() else None

        return hits


def request(number: int, digit: str, start_ns: int = 0, end_ns: int = 1000) -> DeleteRequest:
    return DeleteRequest(f"{number:08x}", "fake", digit, start_ns, end_ns, number)


def lines(database: Database) -> set[int]:
    return {int(line.split()[1]) for source in database.sources("fake") for line in source.line().to_pylist()}


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


@pytest.fixture
def database(tmp_path: Path, numbers: Numbers) -> Iterator[Database]:
    with opened(tmp_path, StorageSettings(chunk_bytes=200), Policies(hits=numbers)) as made:
        made.append("fake", numbered_batch(0, 50)).result(10)
        made.flush()
        made.append("fake", numbered_batch(50, 50)).result(10)
        yield made


def test_rows_are_hidden_in_parts_and_in_the_head_until_the_request_is_taken_back(database: Database) -> None:
    asked = request(1, "7", 10, 60)
    database.deletes.put(asked)
    assert lines(database) == set(range(100)) - {17, 27, 37, 47, 57}
    database.deletes.put(request(2, "8", 0, 20))
    assert lines(database) == set(range(100)) - {17, 27, 37, 47, 57, 8, 18}
    database.deletes.remove(asked)
    assert lines(database) == set(range(100)) - {8, 18}


def test_rows_that_come_later_are_hidden_too(database: Database) -> None:
    database.deletes.put(request(1, "7", 0, 300))
    database.append("fake", numbered_batch(200, 20)).result(10)
    assert {207, 217}.isdisjoint(lines(database))
    assert 206 in lines(database)


def test_other_tenants_are_not_touched(database: Database) -> None:
    database.append("other", numbered_batch(0, 10)).result(10)
    database.deletes.put(request(1, "7"))
    assert sum(len(source) for source in database.sources("other")) == 10


def test_a_chunk_is_searched_once_whatever_is_asked_afterwards(database: Database, numbers: Numbers) -> None:
    database.flush()
    asked = request(1, "7")
    database.deletes.put(asked)
    lines(database)
    searched = numbers.asked[asked.id]
    assert searched > 1
    lines(database)
    assert numbers.asked[asked.id] == searched


def test_sources_without_a_hit_are_handed_out_as_they_are(database: Database) -> None:
    database.flush()
    database.deletes.put(request(1, "none"))
    lines(database)
    assert not any(isinstance(source, HiddenSource) for source in database.sources("fake"))
    database.deletes.put(request(2, "7", 5000, 6000))
    assert not any(isinstance(source, HiddenSource) for source in database.sources("fake"))


def test_a_request_that_nobody_can_read_hides_nothing_and_does_no_harm(database: Database) -> None:
    database.deletes.put(request(1, "unreadable"))
    assert lines(database) == set(range(100))


def test_hidden_rows_stay_hidden_after_a_restart(tmp_path: Path, numbers: Numbers) -> None:
    with opened(tmp_path / "again", policies=Policies(hits=numbers)) as database:
        database.append("fake", batch_of(entries_of(numbered_batch(0, 10)))).result(10)
        database.deletes.put(request(1, "7"))
    with opened(tmp_path / "again", policies=Policies(hits=numbers)) as database:
        assert lines(database) == set(range(10)) - {7}
