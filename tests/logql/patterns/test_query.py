"""Patterns over sources: each line that looks like one is counted once, wherever it lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.cancel import Cancel
from logql.errors import LimitExceeded, QueryCancelled
from logql.limits import QueryLimits
from logql.patterns import Pattern, PatternMiner, PatternsQuery, find_patterns
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.stages.line_filter.pattern import pattern_matcher
from logql.syntax import parse_selector
from storage.errors import CorruptData
from storage.labels import Labels
from storage.merge import Merge, MergeHooks
from storage.part import Part, write_part
from storage.part.sections import builders_with
from storage.patterns import builder
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import DiskStore
from tests.logql.sizes import stored_sources, varied_sources
from tests.storage.entries import Entry, batch_of

SECOND = 1_000_000_000
WEB, DB = Labels({"app": "web"}), Labels({"app": "db"})
SELECTOR = '{app="web"}'
TEXTS = ("user bob in", "user eve in", "took 5ms", "took 7ms", "[x] y", "7", "")
entries = st.lists(
    st.builds(
        Entry,
        st.sampled_from([WEB, DB]),
        st.integers(0, 60).map(lambda second: second * SECOND),
        st.sampled_from(TEXTS),
        st.sampled_from(
            [frozenset(), frozenset({("detected_level", "info")}), frozenset({("detected_level", "warn")})]
        ),
    ),
    min_size=1,
    max_size=16,
)


def asked_of(
    sources: Sequence[Source],
    end_s: int = 61,
    start_s: int = 5,
    step_s: float = 10,
    cancel: Cancel | None = None,
    limits: QueryLimits | None = None,
) -> list[Pattern]:
    workers = Workers(2)
    try:
        asked = PatternsQuery(
            SELECTOR, start_s * SECOND, end_s * SECOND, round(step_s * SECOND), limits or QueryLimits()
        )
        return find_patterns(asked, parse_selector(SELECTOR), sources, workers, cancel or Cancel(), Tally())
    finally:
        workers.close()


def check_counts(found: Sequence[Entry], patterns: Sequence[Pattern]) -> None:
    """Every line that a pattern matches counts once, in its bucket and with its level."""
    counts: dict[tuple[int, str], int] = {}
    for entry in found:
        line = pa.array([entry.line], pa.string())
        is_seen = entry.labels == WEB and 5 * SECOND <= entry.ts < 61 * SECOND
        if is_seen and any(pattern_matcher(each.text)(line)[0] for each in patterns):
            key = entry.ts // SECOND // 10 * 10, dict(entry.metadata).get("detected_level", "unknown")
            counts[key] = counts.get(key, 0) + 1
    told: dict[tuple[int, str], int] = {}
    for each in patterns:
        for second, lines in each.samples:
            told[second, each.level] = told.get((second, each.level), 0) + lines
    assert told == counts


@given(entries, entries)
def test_lines_are_counted_once(found: list[Entry], hidden: list[Entry]) -> None:
    check_counts(found, asked_of(varied_sources(found, hidden)))


def is_alike_everywhere(entry: Entry) -> bool:
    """Patterns are mined over all streams of a part, and over all lines: among others "7" says nothing."""
    return entry.labels == WEB and entry.line != "7"


def merged_sources(store: DiskStore, pushes: Sequence[Sequence[Entry]]) -> list[Source]:
    """The chunks of one merged part. Its rows are gone: nothing but its index is left to be asked."""
    settings = StorageSettings(chunk_bytes=60)
    inputs = [Part(store, write_part(store, "t", batch_of(each), n, settings)) for n, each in enumerate(pushes)]
    hooks = MergeHooks(builders=builders_with(PatternMiner))
    merged = Part(store, Merge(inputs, settings, hooks).write((), lambda: None))
    store.delete(merged.keys[0])
    return list(merged.chunks)


@settings(max_examples=40)
@given(st.lists(entries, min_size=1, max_size=3), entries)
def test_merged_parts_answer_without_their_lines_as_their_lines_would(
    pushes: list[list[Entry]], fresh: list[Entry]
) -> None:
    *pushes, fresh = ([entry for entry in push if is_alike_everywhere(entry)] for push in [*pushes, fresh])
    rows = [entry for push in [*pushes, fresh] for entry in push]
    pushes = [push for push in pushes if push]
    with TemporaryDirectory() as folder:
        sources = merged_sources(DiskStore(Path(folder)), pushes) if pushes else []
        sources += [BatchSource(batch_of(fresh))] if fresh else []
        expected = asked_of([BatchSource(batch_of(rows))] if rows else [], start_s=-10, end_s=100)
        assert asked_of(sources, start_s=-10, end_s=100) == expected


@pytest.mark.parametrize(
    ("start_s", "end_s", "step_s", "samples"),
    [
        (0, 700, 10, ((0, 3), (60, 1))),  # no finer than what was kept
        (0, 700, 45, ((0, 4),)),  # 100 s: a multiple of 50
        (0, 700, 120, ((0, 4),)),
        (30, 700, 60, ((0, 3), (60, 1))),  # all of each kept minute
        (30, 700, 10, ((0, 3), (60, 1))),
        (-600, 61, 60, ((0, 3), (60, 1))),
        (60, 700, 60, ((60, 1),)),
        (-700, 0, 60, ()),
        (-700, 60, 60, ((0, 3),)),
    ],
)
def test_kept_minutes_are_counted_whole(
    start_s: int, end_s: int, step_s: int, samples: tuple[tuple[int, int], ...], tmp_path: Path, kept_minutes: None
) -> None:
    seconds = (1, 20, 59, 61)
    sources = merged_sources(DiskStore(tmp_path), [[Entry(WEB, second * SECOND, "up") for second in seconds]])
    expected = [Pattern("up", "unknown", samples)] if samples else []
    assert asked_of(sources, start_s=start_s, end_s=end_s, step_s=step_s) == expected


@pytest.fixture
def kept_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_BUCKETS_S", (60,))


def test_of_a_window_shorter_than_ten_kept_buckets_lines_are_read(tmp_path: Path, kept_minutes: None) -> None:
    rows = [Entry(WEB, second * SECOND, "up") for second in (1, 20, 59, 61)]
    store = DiskStore(tmp_path)
    sources = merged_sources(store, [rows])
    for start_s, end_s in ((2, 100), (2, 601)):
        with pytest.raises(CorruptData, match="missing"):
            asked_of(sources, start_s=start_s, end_s=end_s)
    assert asked_of(sources, start_s=1, end_s=100)[0].count == 4  # no bucket is cut


def test_patterns_of_parts_that_are_alike_become_one(tmp_path: Path) -> None:
    kept = merged_sources(DiskStore(tmp_path), [[Entry(WEB, 6 * SECOND, "user bob logged in")]])
    fresh = [BatchSource(batch_of([Entry(WEB, 7 * SECOND, "user eve logged in")]))]
    assert asked_of([*kept, *fresh]) == [Pattern("user <_> logged in", "unknown", ((0, 2),))]


def test_no_more_patterns_are_answered_than_are_shown() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    shapes = [f"{one}{'=' * more} {two}" for one in letters for more in range(30) for two in letters[:2]]
    often = [Entry(WEB, 6 * SECOND, line) for line in shapes[-4:]]
    sources = [BatchSource(batch_of([Entry(WEB, 6 * SECOND, line), *often])) for line in shapes]
    patterns = asked_of(sources)
    assert len(patterns) <= 500
    assert patterns[0].count > 1000


def test_parts_are_counted_as_memory_is() -> None:
    found = [Entry(WEB, second * SECOND, text) for second, text in enumerate(TEXTS * 8)]
    folder, sources = stored_sources(found, 60)
    with folder:
        patterns = asked_of(sources)
    assert len(sources) > 3
    check_counts(found, patterns)
    assert {each.text for each in patterns} == {"user <_> in", "took <_>", "[x] y", "7"}


@pytest.mark.parametrize(
    ("step_s", "samples"),
    [
        (10, ((0, 1), (10, 1), (30, 2))),
        (1, ((0, 1), (10, 1), (30, 2))),  # no finer than 10 s
        (15, ((0, 2), (20, 2))),
        (60, ((0, 4),)),
    ],
)
def test_samples_lie_on_the_grid_of_the_step(step_s: float, samples: tuple[tuple[int, int], ...]) -> None:
    sources = [BatchSource(batch_of([Entry(WEB, second * SECOND, "up") for second in (9, 10, 30, 39)]))]
    assert asked_of(sources, step_s=step_s) == [Pattern("up", "unknown", samples)]


def test_the_most_lines_come_first() -> None:
    lines = ["rare"] + ["often"] * 3 + ["usual x y"] * 2
    sources = [BatchSource(batch_of([Entry(WEB, 6 * SECOND, line) for line in lines]))]
    assert [(each.text, each.count) for each in asked_of(sources)] == [("often", 3), ("usual x y", 2), ("rare", 1)]


def test_more_lines_than_are_sampled_are_counted_whole() -> None:
    sources = [BatchSource(batch_of([Entry(WEB, 6 * SECOND, f"took {n}ms") for n in range(20_000)]))]
    assert asked_of(sources) == [Pattern("took <_>", "unknown", ((0, 20_000),))]


def test_nothing_has_no_patterns() -> None:
    assert asked_of([]) == []
    assert asked_of([BatchSource(batch_of([Entry(DB, 6 * SECOND, "up")]))]) == []


def test_patterns_by_buckets_have_to_fit_the_memory_budget() -> None:
    sources = [BatchSource(batch_of([Entry(WEB, 6 * SECOND, "up"), Entry(WEB, 6 * SECOND, "down")]))]
    limits = QueryLimits(memory_budget_bytes=100_000)
    with pytest.raises(LimitExceeded, match="patterns by level and time; enlarge the step"):
        asked_of(sources, end_s=100_000, limits=limits)
    assert len(asked_of(sources, end_s=100_000, step_s=100, limits=limits)) == 2


def test_a_cancelled_question_stops() -> None:
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(QueryCancelled):
        asked_of([BatchSource(batch_of([Entry(WEB, 6 * SECOND, "up")]))], cancel=cancel)
