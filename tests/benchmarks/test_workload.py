"""The load: the same for the same size, seed and end, in the promised proportions, with its planted lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.formats import FORMATS
from benchmarks.workload import MIN_LINES, PLANTED, SPAN_NS, Workload

END_NS = 1_795_172_400_000_000_000


def rows_of(workload: Workload) -> list[tuple[int, int, str]]:
    """(stream, ts, line) of every row."""
    return [
        row
        for block in workload.blocks()
        for row in zip(block.stream.tolist(), block.ts.tolist(), block.lines.to_pylist(), strict=True)
    ]


@pytest.fixture(scope="module")
def workload() -> Workload:
    return Workload(lines=120_000, streams=50, seed=7, end_ns=END_NS)


@pytest.fixture(scope="module")
def rows(workload: Workload) -> list[tuple[int, int, str]]:
    return rows_of(workload)


def test_the_same_load_is_made_twice(workload: Workload, rows: list[tuple[int, int, str]]) -> None:
    assert rows_of(workload) == rows


@pytest.mark.parametrize("change", [{"seed": 8}, {"end_ns": END_NS + 1}, {"streams": 3}, {"lines": 2001}])
def test_another_size_seed_or_end_makes_another_load(change: dict[str, int]) -> None:
    chosen = {"lines": 2000, "streams": 50, "seed": 7, "end_ns": END_NS}
    assert rows_of(Workload(**chosen)) != rows_of(Workload(**{**chosen, **change}))


def test_formats_come_in_their_proportions(workload: Workload) -> None:
    kinds = np.concatenate([block.kind for block in workload.blocks()])
    shares = np.bincount(kinds, minlength=PLANTED + 1) / len(kinds) * 100
    assert shares[:PLANTED].tolist() == pytest.approx([weight for weight, _ in FORMATS.values()], abs=0.7)
    assert shares[PLANTED] == pytest.approx(61 / len(kinds) * 100)


def test_lines_are_133_bytes_on_average(rows: list[tuple[int, int, str]]) -> None:
    assert sum(len(line.encode()) for _, _, line in rows) / len(rows) == pytest.approx(133, abs=2)


def test_every_stream_gets_its_share(workload: Workload, rows: list[tuple[int, int, str]]) -> None:
    sizes = np.bincount([stream for stream, _, _ in rows])
    assert len(sizes) == workload.streams == len({tuple(labels.items()) for labels in workload.labels})
    assert sizes.min() > len(rows) / workload.streams * 0.8


def test_times_rise_within_the_hour_and_never_repeat(rows: list[tuple[int, int, str]]) -> None:
    times = [ts for _, ts, _ in rows]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert END_NS - SPAN_NS < times[0] < times[-1] < END_NS


def test_a_request_carries_the_streams_of_one_host(workload: Workload) -> None:
    block = next(workload.blocks())
    hosts = [labels["host"] for labels in workload.labels]
    for first in range(0, len(block.ts), workload.request_lines):
        assert len({hosts[stream] for stream in block.stream[first : first + workload.request_lines]}) == 1


@pytest.mark.parametrize("lines", [MIN_LINES, MIN_LINES + 1, 54_321, 120_000])
def test_planted_lines_occur_as_often_as_they_say(lines: int) -> None:
    workload = Workload(lines=lines, streams=50, seed=3, end_ns=END_NS)
    texts = [line for _, _, line in rows_of(workload)]
    assert len(texts) == lines
    for planted in workload.planted:
        assert texts.count(planted.text) == planted.count


def test_only_planted_lines_carry_the_words_looked_for(workload: Workload, rows: list[tuple[int, int, str]]) -> None:
    for needle in ("out of memory", "llegal", workload.rare_id):
        assert sum(needle in line for _, _, line in rows) == sum(p.count for p in workload.planted if needle in p.text)


@pytest.mark.parametrize("streams", [1, 4, 5, 7])
def test_few_streams_are_filled_too(streams: int) -> None:
    workload = Workload(lines=5000, streams=streams, seed=1, end_ns=END_NS)
    assert {stream for stream, _, _ in rows_of(workload)} == set(range(streams))


def test_lines_are_one_line_of_text(rows: list[tuple[int, int, str]]) -> None:
    assert not any("\n" in line or not line.isascii() for _, _, line in rows)
    assert pa.array([line for _, _, line in rows[:1000]]).null_count == 0
