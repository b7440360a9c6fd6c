"""Relations between answers of the engine that hold whatever the oracle says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logql.ast import LineFilter, LineFilterOp, LineText, LogQuery
from logql.errors import QueryError
from logql.requests import Direction, RangeQuery
from logql.results import Entry as Found
from logql.results import Matrix, Streams
from tests.logql.differential.datasets import segments
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.pairs import difference, drawn_pair, engine_answer
from tests.logql.differential.stores import Store, opened
from tests.logql.differential.strategies import datasets, seeds
from tests.logql.differential.words import BASE_NS, SECOND_NS, SPAN_S, WORDS
from tests.storage.entries import Entry

START_NS, END_NS = BASE_NS - SECOND_NS, BASE_NS + (SPAN_S + 1) * SECOND_NS
QUESTIONS = 20
ALL = 5000
PARTITIONS = [
    (LineFilterOp.CONTAINS, LineFilterOp.NOT_CONTAINS),
    (LineFilterOp.MATCHES, LineFilterOp.NOT_MATCHES),
]

relation = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def asked(text: str, limit: int = ALL, direction: Direction = Direction.FORWARD) -> RangeQuery:
    return RangeQuery(text, START_NS, END_NS, 1000, limit, direction)


def found(store: Store, question: RangeQuery) -> Sequence[Found]:
    data = store.range(question)
    assert isinstance(data, Streams)
    return data.entries


@relation
@given(datasets, seeds)
def test_a_limit_gives_a_prefix_of_what_a_larger_one_gives(entries: list[Entry], seed: int) -> None:
    random = Random(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load(segments(random, entries))
        for _ in range(QUESTIONS):
            text, direction = str(log_query(random)), random.choice(list(Direction))
            limit, more = random.randint(1, 20), random.randint(1, 40)
            short = found(store, asked(text, limit, direction))
            assert len(short) <= limit
            assert list(short) == list(found(store, asked(text, limit + more, direction)))[:limit]


@relation
@given(datasets, seeds)
def test_forward_is_backward_reversed_but_for_equal_times(entries: list[Entry], seed: int) -> None:
    random = Random(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load(segments(random, entries))
        for _ in range(QUESTIONS):
            text = str(log_query(random))
            forward = found(store, asked(text, direction=Direction.FORWARD))
            backward = found(store, asked(text, direction=Direction.BACKWARD))
            assert [entry.ts for entry in forward] == [entry.ts for entry in reversed(backward)]
            assert Counter(forward) == Counter(backward)
            assert unique_times(forward) == unique_times(backward)[::-1]


def unique_times(entries: Sequence[Found]) -> list[Found]:
    times = Counter(entry.ts for entry in entries)
    return [entry for entry in entries if times[entry.ts] == 1]


@relation
@given(datasets, seeds, st.sampled_from(PARTITIONS))
def test_a_filter_and_its_negation_partition(
    entries: list[Entry], seed: int, ops: tuple[LineFilterOp, LineFilterOp]
) -> None:
    random = Random(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load(segments(random, entries))
        for _ in range(QUESTIONS):
            query, word = log_query(random), LineText(random.choice(WORDS))
            # In front, because behind ``| drop a`` a negative filter would be read as a matcher.
            texts = [str(LogQuery(query.selector, (LineFilter(op, (word,)), *query.stages))) for op in ops]
            halves = [found(store, asked(text)) for text in texts]
            assert Counter(halves[0]) + Counter(halves[1]) == Counter(found(store, asked(str(query))))


@relation
@given(datasets, seeds)
def test_counts_of_adjacent_ranges_add_up(entries: list[Entry], seed: int) -> None:
    random = Random(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load(segments(random, entries))
        for _ in range(QUESTIONS):
            query = log_query(random)
            first_s, second_s = random.randint(1, 40), random.randint(1, 40)
            whole, near, far = (
                counts(store, f"count_over_time({query}[{range_s}s] offset {offset_s}s)")
                for range_s, offset_s in ((first_s + second_s, 0), (first_s, 0), (second_s, first_s))
            )
            if whole is not None and near is not None and far is not None:
                assert whole == near + far


def counts(store: Store, text: str) -> Counter[object] | None:
    """Counts by series and time; None where an error label makes the query fail."""
    try:
        data = store.range(RangeQuery(text, START_NS, END_NS, 10_000))
    except QueryError:
        return None
    assert isinstance(data, Matrix)
    numbers: Counter[object] = Counter()
    for series in data.series:
        for ts_ms, value in zip(series.ts_ms.tolist(), series.values.tolist(), strict=True):
            numbers[series.labels, ts_ms] = int(value)
    return numbers


@relation
@given(datasets, seeds)
def test_answers_do_not_change_by_flush_or_restart(entries: list[Entry], seed: int) -> None:
    questions = [drawn_pair(Random(f"{seed}/{number}"), entries).asked for number in range(QUESTIONS)]
    with TemporaryDirectory() as folder:
        with opened(Path(folder)) as store:
            store.load(segments(Random(seed), entries))
            before = [engine_answer(store, question) for question in questions]
            store.database.flush()
            flushed = [engine_answer(store, question) for question in questions]
        with opened(Path(folder)) as store:
            restarted = [engine_answer(store, question) for question in questions]
    for question, *answers in zip(questions, before, flushed, restarted, strict=True):
        assert not difference(answers[0], answers[1]), question
        assert not difference(answers[0], answers[2]), question
