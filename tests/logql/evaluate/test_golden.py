"""Answers that were recorded from a real Loki: window edges, values, label rules, steps and errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logql.errors import LimitExceeded, PipelineError
from logql.limits import QueryLimits
from tests.logql.engine_case import EngineCase, LabelText, labels

A, B = labels(app="m1", inst="a"), labels(app="m1", inst="b")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineCase]:
    folder: Path = tmp_path_factory.mktemp("golden")
    with EngineCase(folder) as loaded:
        for app, keeps_metadata in (("m1", False), ("m2", True)):
            rows_a = [(10 * i, f"v={i} d={i}s b={i}KB", {"v": f"{i}", "d": f"{i}s", "b": f"{i}KB"}) for i in range(7)]
            rows_b = [(20 * i, f"v={2 * i} d=bad", {"v": f"{2 * i}", "d": "bad"}) for i in range(4)]
            for inst, rows in (("a", rows_a), ("b", rows_b)):
                loaded.push({"app": app, "inst": inst}, rows if keeps_metadata else [row[:2] for row in rows])
        counter = [(10 * i, "", {"v": value}) for i, value in enumerate(("20", "5", "15", "30", "31"), start=1)]
        loaded.push({"app": "counter"}, counter)
        yield loaded


RANGES: list[tuple[str, tuple[float, float, float], LabelText, dict[float, float]]] = [
    (
        'count_over_time({app="m1",inst="a"}[20s])',
        (0, 60, 10),
        A,
        dict(zip(range(0, 61, 10), [1, *[2] * 6], strict=True)),
    ),
    ('rate({app="m1",inst="a"}[20s])', (0, 60, 20), A, {0: 0.05, 20: 0.1, 40: 0.1, 60: 0.1}),
    ('bytes_over_time({app="m1",inst="a"}[20s])', (0, 60, 20), A, {0: 14, 20: 28, 40: 28, 60: 28}),
    ('bytes_rate({app="m1",inst="a"}[20s])', (0, 60, 20), A, {0: 0.7, 20: 1.4, 40: 1.4, 60: 1.4}),
    ('count_over_time({app="m1",inst="a"}[20s] offset 10s)', (0, 30, 10), A, {10: 1, 20: 2, 30: 2}),
    ('count_over_time({app="m1",inst="a"}[20s] offset -10s)', (0, 20, 10), A, {0: 2, 10: 2, 20: 2}),
    ('absent_over_time({app="m1"}[30s])', (0, 120, 30), labels(app="m1"), {90: 1, 120: 1}),
    (
        'sum(count_over_time({app="m1"}[10s])) or vector(0)',
        (0, 90, 10),
        (),
        dict(zip(range(0, 91, 10), [2, 1, 2, 1, 2, 1, 2, 0, 0, 0], strict=True)),
    ),
    ("vector(3)", (0, 20, 10), (), {0: 3, 10: 3, 20: 3}),
    ("1 + 1", (0, 20, 10), (), {0: 2, 10: 2, 20: 2}),
    ('sum(count_over_time({app="m1"}[10s]))', (3, 27, 10), (), {0: 2, 10: 1, 20: 2, 30: 1}),
    ('topk(1, sum by (inst) (count_over_time({app="m1"}[60s])))', (0, 60, 60), labels(inst="a"), {0: 1, 60: 6}),
]


@pytest.mark.parametrize(("text", "grid", "series", "points"), RANGES, ids=lambda value: str(value)[:60])
def test_range_queries(
    case: EngineCase, text: str, grid: tuple[float, float, float], series: LabelText, points: dict[float, float]
) -> None:
    assert case.range(text, *grid)[series] == pytest.approx(points, rel=1e-12)


def test_points_are_multiples_of_the_step_since_the_epoch(case: EngineCase) -> None:
    answer = case.range('count_over_time({app="m1",inst="a"}[10s])', 3, 57, 7)
    # The base is 5 modulo 7: the first multiple at or before 3 s after it is 2 s after it.
    assert list(answer[A]) == [2, 9, 16, 23, 30, 37, 44, 51, 58]


UNWRAPPED = '{app="m2"} | unwrap v [60s]'
INSTANTS: list[tuple[str, dict[LabelText, float]]] = [
    (f"sum by (inst) (sum_over_time({UNWRAPPED}))", {labels(inst="a"): 21, labels(inst="b"): 12}),
    (
        f"avg_over_time({UNWRAPPED}) without (d, b)",
        {labels(app="m2", inst="a"): 3.5, labels(app="m2", inst="b"): 4},
    ),
    (f"avg_over_time({UNWRAPPED}) by ()", {(): 3.6666666666666665}),
    ('stddev_over_time({inst="b"} | unwrap v [60s])', {labels(app="m2", d="bad", inst="b"): 1.632993161855452}),
    ('stdvar_over_time({inst="b"} | unwrap v [60s])', {labels(app="m2", d="bad", inst="b"): 2.6666666666666665}),
    (f"quantile_over_time(0.5, {UNWRAPPED}) by (app)", {labels(app="m2"): 4}),
    ('quantile_over_time(0.9, {inst="b"} | unwrap v [60s]) by ()', {(): 5.6000000000000005}),
    ('rate_counter({inst="b"} | unwrap v [60s])', {labels(app="m2", d="bad", inst="b"): 0.06666676666666667}),
    ('rate_counter({app="counter"} | unwrap v [60s])', {labels(app="counter"): 0.5166674416666667}),
    ('rate_counter({app="counter"} | unwrap v [20s] offset 20s)', {labels(app="counter"): 0.7500015}),
    (f"sum by (inst) (max_over_time({UNWRAPPED}) by (app))", {(): 6}),
    ('stddev(count_over_time({app="m1"}[60s]))', {(): 1.5}),
    ('stdvar(count_over_time({app="m1"}[60s]))', {(): 2.25}),
    ('avg(count_over_time({app="m1"}[60s]))', {(): 4.5}),
    ('count_over_time({app="m1"}[60s]) * on() group_left vector(2)', {A: 12, B: 6}),
    (
        'label_replace(count_over_time({app="m1"}[60s]), "new", "$1-x", "inst", "(.)")',
        {labels(app="m1", inst="a", new="a-x"): 6, labels(app="m1", inst="b", new="b-x"): 3},
    ),
    ('absent_over_time({app="nosuch",x=~"y",z="q"}[1m])', {labels(app="nosuch", z="q"): 1}),
    ('absent_over_time({app="a",app="b"}[1m])', {(): 1}),
    ('absent_over_time({app="m1"} | unwrap nope [60s])', {labels(app="m1"): 1}),
    ('absent_over_time({app="m2"} | unwrap v [60s])', {}),
    ('sum(count_over_time({app="nothing"}[1m]))', {}),
    ('sum(count_over_time({app="nothing"}[1m])) or vector(0)', {(): 0}),
    ("vector(1) < on() group_right vector(2)", {(): 1}),
    ("3 < vector(5)", {(): 5}),
    ("3 < bool vector(5)", {(): 1}),
    ("2 ^ 3 ^ 2", {(): 512}),
]


@pytest.mark.parametrize(("text", "answer"), INSTANTS, ids=lambda value: str(value)[:60])
def test_instant_queries(case: EngineCase, text: str, answer: dict[LabelText, float]) -> None:
    assert dict(case.instant(text, 60)) == pytest.approx(answer, rel=1e-12)


def test_a_query_gives_up_at_the_first_series_too_many(tmp_path: Path) -> None:
    with EngineCase(tmp_path, QueryLimits(max_query_series=3)) as limited:
        limited.push({"app": "many"}, [(i, "", {"n": str(i), "v": "bad" if i == 9 else "1"}) for i in range(10)])
        for text in ('count_over_time({app="many"}[1m])', 'sum by (n) (rate({app="many"}[1m]))'):
            with pytest.raises(LimitExceeded, match=r"maximum number of series \(3\) reached for a single query"):
                limited.instant(text, 30)
        # Between the windows, and on the way to fewer series, there may be any number.
        assert len(limited.range('count_over_time({app="many"}[1s])', 0, 6, 3)) == 3
        assert limited.instant('count(count_over_time({app="many"}[1m]))', 30) == [((), 10.0)]
        assert len(limited.instant('topk(2, count_over_time({app="many"}[1m]))', 30)) == 2


def test_a_broken_sample_fails_the_query(case: EngineCase) -> None:
    with pytest.raises(PipelineError, match="SampleExtractionErr"):
        case.instant('sum_over_time({app="m2"} | unwrap duration(d) [60s])', 60)
    answer = dict(case.instant('sum(sum_over_time({app="m2", inst="a"} | unwrap duration(d) [60s]))', 60))
    assert answer == {(): 21}
