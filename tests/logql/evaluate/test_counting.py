"""Answers from the counts in an index are those of the rows, and need no row where windows agree with minutes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from logql.cancel import Cancel
from logql.evaluate.counting import Edges
from logql.limits import QueryLimits
from logql.requests import InstantQuery, RangeQuery
from storage.counts import LEVEL, MINUTE_NS, Counts, builder
from storage.deletes import HiddenSource
from storage.labels import Labels
from storage.part import writer
from storage.part.part import PartChunk
from storage.source import Source
from tests.logql.differential.datasets import segments
from tests.logql.differential.pairs import Answer, engine_answer
from tests.logql.differential.stores import TENANT, Store, opened
from tests.logql.differential.strategies import seeds
from tests.storage.entries import Entry

BASE_NS = 1_795_168_800_000_000_000
SECOND_NS = 1_000_000_000
STREAMS = [
    Labels({"app": "web", "env": "prod"}),
    Labels({"app": "web", "env": "dev"}),
    Labels({"app": "api", LEVEL: "stream"}),
]
FUNCTIONS = ("count_over_time", "rate", "bytes_over_time", "bytes_rate", "absent_over_time")
RANGES = ("1m", "2m", "5m", "30s", "90s", "61s", "1ms", "1h", "20m", "200y")
OFFSETS = ("", "", "", " offset 1m", " offset 30s", " offset 1ms", " offset -1m", " offset 60001ms")
SHAPES = (
    "{}",
    "sum({})",
    "sum by (app) ({})",
    f"sum by ({LEVEL}) ({{}})",
    f"sum by ({LEVEL}_extracted, env) ({{}})",
    f"sum without ({LEVEL}) ({{}})",
    "sum by (id) ({})",
    "max({})",
)
SELECTORS = ('{app=~".+"}', '{app="web"}', f'{{{LEVEL}="stream"}}', '{app=~".+"} |= ``', '{app=~".+"} |= `a`')
LIMITS = QueryLimits(max_query_length_s=0)
STEPS_MS = (60_000, 120_000, 30_000, 90_000, 600_000, 1000 * 60 * 7)


def entry(random: Random, keys: tuple[str, ...]) -> Entry:
    far = random.random() < 0.03
    ts = BASE_NS + random.randint(-3, 12) * MINUTE_NS + random.choice((0, 0, 1, -1, 30 * SECOND_NS, 17 * SECOND_NS))
    ts = random.choice((-(1 << 63), (1 << 63) - 1, 0, 1, -MINUTE_NS)) if far else ts
    pairs = {key: random.choice(("info", "error")) for key in keys if random.random() < 0.7}
    return Entry(random.choice(STREAMS), ts, random.choice(("", "a", "ünï")), frozenset(pairs.items()))


def dataset(random: Random) -> list[Entry]:
    """Times around the edges of minutes, in any order; with the level, with more than it, or without metadata."""
    keys = random.choice(((), (LEVEL,), (LEVEL,), (LEVEL, "id"), (LEVEL, LEVEL + "_extracted"), (LEVEL, "__error__")))
    return list(dict.fromkeys(entry(random, keys) for _ in range(random.randint(10, 60))))


def question(random: Random) -> RangeQuery | InstantQuery:
    selector, window, offset = random.choice(SELECTORS), random.choice(RANGES), random.choice(OFFSETS)
    text = random.choice(SHAPES).format(f"{random.choice(FUNCTIONS)}({selector}[{window}]{offset})")
    oldest_ns = random.choice((-(1 << 62), -(1 << 62), BASE_NS + 2 * MINUTE_NS, BASE_NS + 1))
    end_ns = BASE_NS + random.choice((8 * MINUTE_NS, 8 * MINUTE_NS + 1, 500 * SECOND_NS, 20 * MINUTE_NS))
    if random.random() < 0.3:
        return InstantQuery(text, end_ns, LIMITS, oldest_ns=oldest_ns)
    start_ns = BASE_NS - random.choice((0, 1, 2 * MINUTE_NS, 70 * SECOND_NS))
    return RangeQuery(text, start_ns, end_ns, random.choice(STEPS_MS), limits=LIMITS, oldest_ns=oldest_ns)


@pytest.fixture(autouse=True)
def _small_chunks_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_ROWS_PER_CELL", 1)


def answers(entries: list[list[Entry]], asked: list[RangeQuery | InstantQuery], flushes: bool) -> list[Answer]:
    with TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load([*entries, []] if flushes else [[each for segment in entries for each in segment]])
        return [answer(store, each) for each in asked]


def answer(store: Store, asked: RangeQuery | InstantQuery) -> Answer:
    return engine_answer(store, asked)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds)
def test_counts_change_no_answer(seed: int) -> None:
    random = Random(seed)
    entries = segments(random, dataset(random))
    asked = [question(random) for _ in range(40)]
    in_memory = answers(entries, asked, flushes=False)
    counted = answers(entries, asked, flushes=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "FLUSHED_SECTIONS", ())
        uncounted = answers(entries, asked, flushes=True)
    for each, *found in zip(asked, in_memory, counted, uncounted, strict=True):
        assert found[1] == found[0], each
        assert found[2] == found[0], each


@pytest.fixture
def flushed(tmp_path: Path) -> Iterator[Store]:
    """Two parts that share minutes; the second one's rows came late."""
    times = [BASE_NS + minute * MINUTE_NS + edge for minute in range(6) for edge in (-1, 0, 1)]
    with opened(tmp_path) as store:
        for shift in (0, -7):
            info = frozenset({(LEVEL, "info")})
            store.append([Entry(STREAMS[0], ts + shift, "abc", info) for ts in times])
            store.database.flush()
        yield store


def reads(store: Store, text: str, step_ms: int = 60_000, oldest_ns: int = -(1 << 62)) -> bool:
    """Whether chunks are read; the plan says so, too."""
    asked = RangeQuery(text, BASE_NS, BASE_NS + 4 * MINUTE_NS, step_ms, limits=LIMITS, oldest_ns=oldest_ns)
    stats = store.engine.range(TENANT, asked, Cancel()).stats
    plan = store.engine.explain(TENANT, asked).readings[0].cost
    assert stats.compressed_bytes_read == plan.stored_bytes
    assert (stats.lines_processed == 0) == (plan.counted == plan.chunks.selected)
    return stats.lines_processed > 0


@pytest.mark.parametrize("function", FUNCTIONS[:4])
@pytest.mark.parametrize("shape", ["{}", "sum({})", f"sum by ({LEVEL}, app) ({{}})", "topk(1, {})"])
def test_windows_of_whole_minutes_read_no_row(flushed: Store, function: str, shape: str) -> None:
    assert not reads(flushed, shape.format(f'{function}({{app="web"}}[1m])'))
    assert not reads(flushed, shape.format(f'{function}({{app="web"}}[3m] offset 2m)'), 120_000)


@pytest.mark.parametrize(
    ("window", "step_ms", "oldest_ns"),
    [
        ("90s", 60_000, 0),
        ("1m", 30_000, 0),
        ("1m] offset 1s", 60_000, 0),
        ("1m", 90_000, 0),
        ("1m", 60_000, BASE_NS + MINUTE_NS),
        ("200y", 60_000, 0),
    ],
)
def test_windows_that_split_a_minute_read_its_rows(flushed: Store, window: str, step_ms: int, oldest_ns: int) -> None:
    closed = window if "]" in window else f"{window}]"
    assert reads(flushed, f'count_over_time({{app="web"}}[{closed})', step_ms, oldest_ns)


@pytest.mark.parametrize("stage", ["|= `b`", "| label_format a=app", "| detected_level=`info`", "| drop app"])
def test_stages_read_rows(flushed: Store, stage: str) -> None:
    assert reads(flushed, f'count_over_time({{app="web"}} {stage} [1m])')


@pytest.mark.parametrize("is_hidden", [True, False])
def test_a_chunk_of_which_rows_are_hidden_has_no_counts(flushed: Store, is_hidden: bool) -> None:
    for source in flushed.database.sources(TENANT):
        assert (HiddenSource(source, [partial(first_row, is_hidden)]).counts() is None) == is_hidden


def first_row(is_hit: bool, source: Source) -> NDArray[np.bool_] | None:
    return np.arange(len(source)) == 0 if is_hit else None


def test_a_source_may_say_that_its_counts_do_not_hold(flushed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_chunk: PartChunk) -> Counts | None:
        return None

    monkeypatch.setattr(PartChunk, "counts", none)
    assert reads(flushed, 'count_over_time({app="web"}[1m])')


@given(
    st.integers(-5, 5).map(lambda minute: minute * MINUTE_NS) | st.integers(-2 * MINUTE_NS, 2 * MINUTE_NS),
    st.sampled_from([1, 7, MINUTE_NS // 2, MINUTE_NS - 1, MINUTE_NS, MINUTE_NS + 1, 3 * MINUTE_NS // 2, 2 * MINUTE_NS]),
    st.integers(1, 5),
    st.integers(-8, 12),
)
def test_edges_know_which_minutes_they_split(first_ns: int, step_ns: int, count: int, minute: int) -> None:
    edges = Edges(first_ns, step_ns, count)
    end_ns = minute * MINUTE_NS
    inside = [edge for edge in range(first_ns, edges.last_ns + 1, step_ns) if end_ns - MINUTE_NS < edge < end_ns]
    assert edges.split(np.array([end_ns])) == bool(inside)
    assert not (edges.never_split and inside)
    if edges.always_split and first_ns <= end_ns - MINUTE_NS and end_ns <= edges.last_ns:
        assert inside or step_ns == MINUTE_NS
