"""Volumes: what a naive count over all entries says, whatever the entries lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.cancel import Cancel
from logql.errors import LimitExceeded, QueryCancelled
from logql.limits import QueryLimits
from logql.results import Matrix, Vector
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.streams import matches_all
from logql.syntax import parse_selector
from logql.volume import AggregateBy, VolumeQuery, volume
from storage.labels import Labels
from storage.source import BatchSource, Source
from tests.logql.sizes import MS, STREAMS, entries, stored_sources, varied_sources
from tests.storage.entries import Entry, batch_of

SELECTORS = ("{}", '{app="web"}', '{app=~".+", env!="test"}', '{env="prod"}', '{app="nope"}')
Volumes = dict[tuple[tuple[str, str], ...], dict[int, int]]

queries = st.builds(
    VolumeQuery,
    selector=st.sampled_from(SELECTORS),
    start_ns=st.integers(0, 12).map(lambda ms: ms * MS),
    end_ns=st.integers(12, 32).map(lambda ms: ms * MS),
    step_ns=st.none() | st.integers(2, 40).map(lambda ms: ms * MS),
    target_labels=st.sampled_from([(), ("env",), ("app", "env"), ("nope",)]),
    aggregate_by=st.sampled_from(AggregateBy),
)


def asked_of(asked: VolumeQuery, sources: Sequence[Source], cancel: Cancel | None = None) -> Matrix | Vector:
    workers = Workers(2)
    try:
        matchers = parse_selector(asked.selector, allow_empty=True)
        return volume(asked, matchers, sources, workers, cancel or Cancel(), Tally())
    finally:
        workers.close()


def found_in(answer: Matrix | Vector) -> Volumes:
    if isinstance(answer, Vector):
        return {labels.pairs: {answer.ts_ms: int(value)} for labels, value in answer.samples}
    return {
        each.labels.pairs: dict(zip(each.ts_ms.tolist(), map(int, each.values.tolist()), strict=True))
        for each in answer.series
    }


def naive(asked: VolumeQuery, found: Sequence[Entry]) -> Volumes:
    matchers = parse_selector(asked.selector, allow_empty=True)
    volumes: dict[tuple[tuple[str, str], ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry in found:
        if not (asked.start_ns <= entry.ts < asked.end_ns and matches_all(matchers, entry.labels)) or not entry.line:
            continue
        for group in groups_of(asked, {matcher.name for matcher in matchers}, entry.labels):
            volumes[group][moment_of(asked, entry.ts)] += len(entry.line.encode())
    return {group: dict(points) for group, points in volumes.items()}


def groups_of(asked: VolumeQuery, matched: set[str], labels: Labels) -> list[tuple[tuple[str, str], ...]]:
    if asked.aggregate_by is AggregateBy.LABELS:
        return [((name, ""),) for name in labels if name in (asked.target_labels or labels)]
    names = set(asked.target_labels) or matched or set(labels)
    return [tuple((name, labels[name]) for name in sorted(names))] if names <= set(labels) else []


def moment_of(asked: VolumeQuery, ts: int) -> int:
    """Milliseconds: the last one of the bucket, but no later than the end."""
    if asked.step_ns is None:
        return asked.end_ns // MS
    end = (ts // asked.step_ns + 1) * asked.step_ns
    return asked.end_ns // MS if end >= asked.end_ns else end // MS - 1


@given(queries, entries, entries)
def test_a_volume_is_what_a_naive_count_says(asked: VolumeQuery, found: list[Entry], hidden: list[Entry]) -> None:
    assert found_in(asked_of(asked, varied_sources(found, hidden))) == naive(asked, found)


@settings(max_examples=30)
@given(queries, entries, st.sampled_from([1, 900, 1 << 20]))
def test_a_part_answers_as_memory_does(asked: VolumeQuery, found: list[Entry], chunk_bytes: int) -> None:
    folder, sources = stored_sources(found, chunk_bytes)
    with folder:
        assert found_in(asked_of(asked, sources)) == naive(asked, found)


def sized(*sizes: int) -> list[Source]:
    """A source with one line of each size, each in a stream of its own: ``{n="0"}``, ``{n="1"}``, ..."""
    return [BatchSource(batch_of([Entry(Labels({"n": str(n)}), MS, "x" * size) for n, size in enumerate(sizes)]))]


@pytest.mark.parametrize(
    ("sizes", "limit", "order"),
    [
        ((1, 5000, 3000), 100, "120"),
        ((1, 5000, 3000), 2, "12"),
        ((2000, 2010, 2049, 2040), 100, "2013"),  # within a KiB by name
        ((0, 1), 100, "1"),
        ((), 100, ""),
    ],
)
def test_the_largest_come_first(sizes: tuple[int, ...], limit: int, order: str) -> None:
    answer = asked_of(VolumeQuery("{}", 0, 2 * MS, limit=limit), sized(*sizes) if sizes else [])
    assert isinstance(answer, Vector)
    assert "".join(labels["n"] for labels, _ in answer.samples) == order


def test_nothing_is_a_vector_also_over_time() -> None:
    assert asked_of(VolumeQuery("{}", 0, 9 * MS, MS), []) == Vector(9, [])


def test_series_over_time_come_with_the_largest_first_value_first() -> None:
    lines = [(STREAMS[0], 1, 10), (STREAMS[0], 3, 9000), (STREAMS[2], 1, 500), (STREAMS[2], 3, 1)]
    sources = [BatchSource(batch_of([Entry(labels, ts * MS, "x" * size) for labels, ts, size in lines]))]
    answer = asked_of(VolumeQuery("{}", 0, 5 * MS, 2 * MS, target_labels=("app",)), sources)
    assert list(found_in(answer).items()) == [
        ((("app", "db"),), {1: 500, 3: 1}),
        ((("app", "web"),), {1: 10, 3: 9000}),
    ]


@pytest.mark.parametrize(("series", "limit", "is_refused"), [(3, 3, False), (4, 3, True), (4, 0, False)])
@pytest.mark.parametrize("by", AggregateBy)
def test_more_series_than_allowed_are_refused(series: int, limit: int, is_refused: bool, by: AggregateBy) -> None:
    labels = [Labels({f"name{n}" if by is AggregateBy.LABELS else "name": str(n)}) for n in range(series)]
    sources: list[Source] = [BatchSource(batch_of([Entry(each, MS, "x") for each in labels]))]
    asked = VolumeQuery("{}", 0, 2 * MS, aggregate_by=by, limit=1, limits=QueryLimits(volume_max_series=limit))
    if not is_refused:
        assert len(asked_of(asked, sources)) == 1
        return
    with pytest.raises(LimitExceeded, match=r"the query hit the max number of series limit \(limit: 3 series\)"):
        asked_of(asked, sources)


def test_series_by_buckets_have_to_fit_the_memory_budget() -> None:
    limits = QueryLimits(volume_max_series=0, memory_budget_bytes=100_000)
    asked = VolumeQuery("{}", 0, 11_000 * MS, MS, limits=limits)
    assert len(asked_of(asked, sized(1))) == 1
    with pytest.raises(LimitExceeded, match="volumes by series and time"):
        asked_of(asked, sized(1, 1))


def test_a_cancelled_question_stops() -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(QueryCancelled):
        asked_of(VolumeQuery("{}", 0, 2 * MS), sized(1), cancel)
