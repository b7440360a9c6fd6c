"""Filters of real parts, asked by real queries: no chunk with a row of the answer is skipped, and others are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, event, given, settings

from logql.ast import LogQuery
from logql.explain import Cost, SourceCounts
from logql.scan.needles import Needles
from logql.scan.selection import Refusal, Selection
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.stages.pipeline import Pipeline
from logql.syntax import parse
from server.render.stats import render_stats
from storage.columns import to_arrow
from storage.concat import sorted_by_stream_and_time
from storage.filters import FilterBuilder
from storage.filters.kernels import fold_slots, mark_grams, set_in_all
from storage.labels import Labels
from storage.part import Part, PartPlan, part_key, write_chunks
from storage.part.sections import BUILDERS, FILTERS, builders_of
from storage.settings import StorageSettings
from storage.stores import DiskStore
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.strategies import seeds
from tests.storage.entries import Entry, batch_of

WEB, API = Labels({"app": "web"}), Labels({"app": "api", "user": "stream"})


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    for each in (mark_grams, fold_slots, set_in_all):
        each.load()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    """Chunks here are so small that their filters get room only by another share."""
    monkeypatch.setitem(BUILDERS, FILTERS, lambda: FilterBuilder(share=1e6))
    return DiskStore(tmp_path / "parts")


def part_of(store: DiskStore, entries: Sequence[Entry], rows: int, sections: tuple[str, ...] = (FILTERS,)) -> Part:
    """In chunks of ``rows`` rows."""
    batch, order = sorted_by_stream_and_time(batch_of(entries))
    record = to_arrow(batch).take(pa.array(order))
    names, builders = tuple(sorted(batch.metadata)), builders_of(sections)
    plan = PartPlan(part_key("t", 0, 1, "a"), 1, 1, batch.streams, names, builders=builders)
    chunks = (record.slice(start, rows) for start in range(0, len(order), rows))
    return Part(store, write_chunks(store, plan, chunks, StorageSettings()))


def everything(_: Labels) -> bool:
    return True


def selecting(query: LogQuery) -> Selection:
    return Selection(everything, 0, 1 << 62, Needles(query.stages))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=seeds)
def test_a_chunk_with_a_row_that_passes_is_never_skipped(store: DiskStore, seed: int) -> None:
    random = Random(seed)
    part, query = part_of(store, dataset(random), 4), log_query(random)
    selection, passes = selecting(query), Pipeline.deciding(query.stages)
    refusals = [selection.refusal(chunk) for chunk in part.chunks]
    event(f"skips: {Refusal.FILTERS in refusals}")
    for chunk, refusal in zip(part.chunks, refusals, strict=True):
        if len(passes(Selection(everything, 0, 1 << 62).frame(chunk))):
            assert refusal is None, (str(query), chunk.line())


CHUNKS = (
    [Entry(WEB, 1, "cuda error: out of memory"), Entry(WEB, 2, '{"user":"u-770123","msg":"done"}')],
    [Entry(WEB, 3, "id=9f3c2e1a77aa01bd"), Entry(WEB, 4, 'level=info msg="hello wide world"')],
    [Entry(WEB, 5, "nothing here", frozenset({("trace", "0af7651916cd43dd")})), Entry(WEB, 6, r'{"a":"\u0061bcd"}')],
)


@pytest.mark.parametrize(
    ("stages", "read"),
    [
        ('|= "out of memory"', [0]),
        ('|= "OUT OF MEMORY"', [0]),  # filters know no case
        ('|~ "(?i)CUDA Error: (out|in)"', [0]),
        ('|~ "error: (in|off)line"', []),
        ('|> "<_>error: <_> memory"', [0]),
        ('|> "<_>kumquat<_>"', []),
        ('|= "3c2e1a77"', [1]),
        ('|= "3c2e1a78"', []),
        ('|= "hello" or "memory"', [0, 1]),
        ('|= "hello" |= "memory"', []),
        ('!= "kumquat"', [0, 1, 2]),
        ('| trace="0af7651916cd43dd"', [2]),
        ('| trace=~"0af7651.*"', [2]),
        ('| json | user="u-770123"', [0, 2]),  # the last one spells a letter as an escape
        ('| logfmt | msg="hello wide world"', [1, 2]),
        ('| json | app="api"', [0, 1, 2]),  # a label of the stream
        ('| line_format "kumquat" |= "kumquat"', [0, 1, 2]),
    ],
)
def test_only_chunks_that_may_hold_the_needles_are_read(store: DiskStore, stages: str, read: list[int]) -> None:
    part, query = part_of(store, [entry for chunk in CHUNKS for entry in chunk], 2), parse(f'{{app="web"}} {stages}')
    assert isinstance(query, LogQuery)
    selection = selecting(query)
    assert [chunk.number for chunk in part.chunks if selection.may_hold(chunk)] == read


@pytest.mark.parametrize("sections", [(), (FILTERS,)])
def test_without_filters_nothing_is_skipped(store: DiskStore, sections: tuple[str, ...]) -> None:
    part = part_of(store, CHUNKS[0], 1, sections)
    query = parse('{app="web"} |= "kumquat"')
    assert isinstance(query, LogQuery)
    refusal = Refusal.FILTERS if sections else None
    assert [selecting(query).refusal(chunk) for chunk in part.chunks] == [refusal] * 2


def test_a_label_that_some_stream_of_the_part_has_is_not_looked_for(store: DiskStore) -> None:
    part = part_of(store, [*CHUNKS[0], Entry(API, 9, "x")], 1)
    query = parse('{app=~".+"} | user="stream"')
    assert isinstance(query, LogQuery)
    assert all(selecting(query).may_hold(chunk) for chunk in part.chunks)


def test_what_filters_skip_is_counted_and_explained(store: DiskStore) -> None:
    part = part_of(store, [entry for chunk in CHUNKS for entry in chunk], 2)
    query = parse('{app="web"} |= "hello"')
    assert isinstance(query, LogQuery)
    tally, selection = Tally(), selecting(query)
    assert [order for order, _ in wanted_sources(part.chunks, selection, tally)] == [1]
    assert (tally.stats.chunks, tally.stats.chunks_skipped, tally.stats.chunks_filtered) == (1, 2, 2)
    assert (
        render_stats(tally.stats)["index"] | {"totalChunks": 3, "postFilterChunks": 1, "usedBloomFilters": True}
        == (render_stats(tally.stats)["index"])
    )
    assert Cost.of(part.chunks, selection).chunks == SourceCounts(1, 0, 0, 2)
