"""What a query reads is counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from logql.scan.frame import Frame
from logql.scan.tally import Tally
from storage.source import BatchSource
from tests.storage.entries import numbered_batch


class StoredSource(BatchSource):
    """As if it had been read from a store."""

    is_stored = True
    stored_bytes = 70


@pytest.mark.parametrize("reads_lines", [True, False])
@pytest.mark.parametrize("is_stored", [True, False])
def test_rows_that_are_looked_at(is_stored: bool, reads_lines: bool) -> None:
    source = (StoredSource if is_stored else BatchSource)(numbered_batch(0, 4))
    tally, frame = Tally(), Frame(source, np.array([1, 2]))
    tally.selected(source, frame, reads_lines)
    assert tally.stats.bytes_processed == 0  # columns may tell what is asked
    for each in (frame, frame.keep(np.array([True, False]))):
        each.line()
    size = len("line 1 line 2 ") * reads_lines
    stats = tally.stats
    assert (stats.lines_processed, stats.bytes_processed) == (2, size)
    assert stats.compressed_bytes_read == (70 if is_stored else 0)
    assert (stats.head_lines, stats.head_bytes) == ((0, 0) if is_stored else (2, size))


def test_sources_and_rows_are_counted_from_many_threads() -> None:
    tally = Tally()
    tally.planned(9, 5)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(400):
            pool.submit(tally.passed, 2)
            pool.submit(tally.skipped)
    assert (tally.stats.chunks, tally.stats.chunks_skipped, tally.stats.lines_after_filters) == (5, 4 + 400, 800)


def test_no_rows_are_no_bytes() -> None:
    source, tally = BatchSource(numbered_batch(0, 4)), Tally()
    tally.selected(source, Frame(source, np.array([], np.int64)), reads_lines=True)
    assert (tally.stats.lines_processed, tally.stats.bytes_processed) == (0, 0)
