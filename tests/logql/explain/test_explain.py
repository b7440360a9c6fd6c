"""Plans of real queries over a real store, held to what their execution counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.ast import LogQuery, MetricExpr
from logql.cancel import Cancel
from logql.engine import Engine
from logql.errors import LimitExceeded, QueryError
from logql.explain import Aggregated, Plan, Shown, SourceCounts
from logql.explain.text import bytes_text
from logql.limits import QueryLimits
from logql.requests import Direction, RangeQuery
from logql.results import Stats
from logql.syntax import parse
from tests.logql.ast.strategies import log_queries, metric_expressions
from tests.logql.engine_case import TENANT, EngineCase, seconds

ALL_TIME = (0.0, 6000.0)


class Explained:
    """The same questions to ``explain`` and ``range``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, text: str, window: tuple[float, float] = ALL_TIME, **more: object) -> Plan:
        return self._engine.explain(TENANT, self._asked(text, window, more))

    def stats(self, text: str, window: tuple[float, float] = ALL_TIME) -> Stats:
        return self._engine.range(TENANT, self._asked(text, window, {}), Cancel()).stats

    @staticmethod
    def _asked(text: str, window: tuple[float, float], more: dict[str, object]) -> RangeQuery:
        given = {"limit": 5000, "limits": QueryLimits(max_query_series=0), **more}
        return RangeQuery(text, seconds(window[0]), seconds(window[1]), 60_000, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explained]:
    """Two parts of a chunk each, web at 0 to 9 s and db at 1000 to 1009 s, and both at 2000 to 2009 s in memory."""
    folder: Path = tmp_path_factory.mktemp("explain")
    with EngineCase(folder) as case:
        for app, start in (("web", 0), ("db", 1000)):
            case.push({"app": app}, [(start + n, f'{{"level":"error","took":{n}}}') for n in range(10)])
            case.database.flush()
        for app in ("web", "db"):
            case.push({"app": app}, [(2000 + n, f"level=info took={n}") for n in range(10)])
        engine = Engine(case.database, 2)
        yield Explained(engine)
        engine.close()


@pytest.mark.parametrize(
    ("selector", "window", "parts", "chunks", "batches"),
    [
        ('{app=~".+"}', ALL_TIME, 2, SourceCounts(2, 0, 0), SourceCounts(1, 0, 0)),
        ('{app="web"}', ALL_TIME, 1, SourceCounts(1, 0, 1), SourceCounts(1, 0, 0)),
        ('{app="web"}', (0, 100), 1, SourceCounts(1, 1, 0), SourceCounts(0, 1, 0)),
        ('{app="db"}', (0, 100), 0, SourceCounts(0, 1, 1), SourceCounts(0, 1, 0)),
        ('{app="db"}', (0, 1000), 0, SourceCounts(0, 1, 1), SourceCounts(0, 1, 0)),
        ('{app="db"}', (1009, 1100), 1, SourceCounts(1, 1, 0), SourceCounts(0, 1, 0)),
        ('{app="none"}', ALL_TIME, 0, SourceCounts(0, 0, 2), SourceCounts(0, 0, 1)),
        ('{app="web"}', (4000, 5000), 0, SourceCounts(0, 2, 0), SourceCounts(0, 1, 0)),
    ],
)
def test_sources_are_selected_or_skipped_for_a_reason(
    explained: Explained,
    selector: str,
    window: tuple[float, float],
    parts: int,
    chunks: SourceCounts,
    batches: SourceCounts,
) -> None:
    (reading,) = explained.plan(selector, window).readings
    cost = reading.cost
    assert (cost.parts, cost.parts_selected, cost.chunks, cost.batches) == (2, parts, chunks, batches)
    assert (reading.start_ns, reading.end_ns) == (seconds(window[0]), seconds(window[1]))


QUERIES = [
    '{app=~".+"} |= "o"',
    '{app="web"} | json | level="error"',
    '{app="none"} |= "x"',
    'count_over_time({app=~".+"} |= "o" [2h])',
    'sum(bytes_over_time({app="db"}[2h]))',
    'sum by (level) (rate({app=~".+"} | logfmt | level="info" [2h]))',
    'max_over_time({app="web"} | json | unwrap took [2h])',
    'absent_over_time({app="web"} |= "x" [2h])',
    'sum(count_over_time({app="web"} |= "o" [2h])) / sum(count_over_time({app="db"} |= "o" [2h]))',
]


@pytest.mark.parametrize("text", QUERIES)
def test_execution_reads_what_the_plan_says(explained: Explained, text: str) -> None:
    costs = [reading.cost for reading in explained.plan(text).readings]
    stats = explained.stats(text)
    assert stats.compressed_bytes_read == sum(cost.stored_bytes for cost in costs)
    assert stats.chunks == sum(cost.chunks.selected + cost.batches.selected for cost in costs)
    assert stats.chunks_skipped == sum(
        each.skipped_by_time + each.skipped_by_streams for cost in costs for each in (cost.chunks, cost.batches)
    )
    # The batch in memory holds the streams of both: whoever wants one looks at half of its rows.
    assert stats.lines_processed <= sum(cost.rows for cost in costs)
    assert stats.bytes_processed <= sum(cost.line_bytes for cost in costs)
    if "=~" in text:
        assert stats.lines_processed == sum(cost.rows for cost in costs)
        assert stats.bytes_processed == sum(cost.line_bytes for cost in costs)


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(-100, 3000),
    length=st.integers(0, 3000),
    app=st.sampled_from(["web", "db", "web|db", "none", "w.*"]),
    shape=st.sampled_from(['{{app=~"{}"}} |= "o"', 'count_over_time({{app=~"{}"}} |= "o" [1m])']),
)
def test_selected_and_skipped_are_all(explained: Explained, start: int, length: int, app: str, shape: str) -> None:
    text, window = shape.format(app), (start, start + length)
    (reading,) = explained.plan(text, window).readings
    cost, stats = reading.cost, explained.stats(text, window)
    assert (cost.chunks.total, cost.batches.total, cost.parts) == (2, 1, 2)
    assert cost.parts_selected <= cost.chunks.selected
    assert stats.compressed_bytes_read == cost.stored_bytes
    assert stats.lines_processed <= cost.rows


@pytest.mark.parametrize(
    ("text", "stages", "extracted", "reads_lines"),
    [
        ('{app="a"}', [], (), False),
        ('{app="a"} | json | level="error" |= "x"', ['|= "x"', "| json", '| level="error"'], ("level",), True),
        ('{app="a"} | json', [], (), False),
        ('{app="a"} | level="error"', ['| level="error"'], (), False),
        ('count_over_time({app="a"} | json [1m])', ["| json"], None, True),
        ('sum(count_over_time({app="a"} | json [1m]))', [], (), False),
        ('sum(bytes_over_time({app="a"}[1m]))', [], (), True),
        ('sum by (b) (count_over_time({app="a"} | json [1m]))', ["| json"], ("b",), True),
        ('avg_over_time({app="a"} | json | unwrap c [1m]) by (b)', ["| json"], ("b", "c"), True),
        (
            'sum(count_over_time({app="a"} | json | c > 1 [1m]))',
            ["| json", "| c>1"],
            ("c",),
            True,
        ),
    ],
)
def test_stages_and_labels_are_those_of_the_pipeline(
    explained: Explained, text: str, stages: list[str], extracted: tuple[str, ...] | None, reads_lines: bool
) -> None:
    (reading,) = explained.plan(text).readings
    assert list(reading.stages) == stages
    assert (reading.extracted, reading.reads_lines) == (extracted, reads_lines)


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ('rate({app="a"}[5m])', [Aggregated("rate", "5m", "by all labels")]),
        ('sum(rate({app="a"}[5m]))', [Aggregated("rate", "5m", "by ()", sums_early=True)]),
        ('max(rate({app="a"}[5m]))', [Aggregated("rate", "5m", "by all labels")]),
        ('sum without (b,a) (rate({app="a"}[5m]))', [Aggregated("rate", "5m", "without (a,b)", sums_early=True)]),
        (
            'avg_over_time({app="a"} | unwrap b [5m])',
            [Aggregated("avg_over_time", "5m", "without (b)", "| unwrap b")],
        ),
        ('absent_over_time({app="a"}[5m])', [Aggregated("absent_over_time", "5m", "by ()")]),
        ('rate({app="a"}[5m]) / rate({app="a"}[5m])', [Aggregated("rate", "5m", "by all labels")]),
        (
            'rate({app="a"}[5m]) + sum(rate({app="a"}[5m]))',
            [Aggregated("rate", "5m", "by all labels"), Aggregated("rate", "5m", "by ()", sums_early=True)],
        ),
        ("vector(1) + 1", []),
        ("1 + 1", []),
        ('{app="a"} | json', [Shown(7, Direction.FORWARD, ("| json",))]),
        ('{app="a"} |= "b"', [Shown(7, Direction.FORWARD, ())]),
    ],
)
def test_every_aggregation_is_planned_once(explained: Explained, text: str, purposes: list[Aggregated | Shown]) -> None:
    plan = explained.plan(text, limit=7, direction=Direction.FORWARD)
    assert [reading.purpose for reading in plan.readings] == purposes


def test_a_metric_query_reads_back_by_range_and_offset(explained: Explained) -> None:
    plan = explained.plan('rate({app="a"}[5m] offset 1h)', (0, 120))
    assert (plan.points, plan.step_ns) == (3, 60 * 10**9)
    (reading,) = plan.readings
    assert (reading.start_ns, reading.end_ns) == (seconds(-3900) + 1, seconds(-3480) + 1)


@pytest.mark.parametrize(
    ("text", "limits", "error"),
    [
        ("{", QueryLimits(), QueryError),
        ('{app="a"} | line_format "{{"', QueryLimits(), QueryError),
        ('{app="a"}', QueryLimits(max_entries_limit_per_query=10), LimitExceeded),
        ('{app="a"}', QueryLimits(max_query_length_s=10), LimitExceeded),
        ('rate({app="a"}[5m])', QueryLimits(max_query_length_s=10), LimitExceeded),
        ('rate({app="a"}[5m])', QueryLimits(max_query_range_s=10), LimitExceeded),
        ('{app="a",b="c"}', QueryLimits(max_streams_matchers_per_query=1), LimitExceeded),
    ],
)
def test_what_is_refused_is_not_explained(
    explained: Explained, text: str, limits: QueryLimits, error: type[QueryError]
) -> None:
    with pytest.raises(error):
        explained.plan(text, limits=limits)


@pytest.mark.parametrize("text", [*QUERIES, "1 + 1", '{app="web"} | json | line_format "{{.level}}"'])
def test_a_plan_prints_its_query_stages_and_names(explained: Explained, text: str) -> None:
    plan = explained.plan(text)
    assert str(parse(plan.query)) == plan.query
    printed = str(plan)
    told = [plan.query, *(word for reading in plan.readings for word in (reading.selector, *reading.stages))]
    assert all(each in printed for each in told)
    assert printed.count("\nreading ") == len(plan.readings)
    assert all(line == line.rstrip() for line in printed.splitlines())


TEXT = """\
query  {app="web"} | json | level="error" |= "o" | line_format "{{.took}}"
asked  from 2026-11-20T10:00:00Z to before 2026-11-20T10:16:40.5Z

reading 1 of 1
  streams    {app="web"}
  times      from 2026-11-20T10:00:00Z to before 2026-11-20T10:16:40.5Z
  parts      1 of 2 selected
  chunks     1 of 2 selected, 1 skipped by streams
  batches    0 of 1 selected, 1 skipped by time, in memory
  to read    10 rows, {stored} in the store
             260 B of lines
  stages     |= "o"
             | json
             | level="error"
  extracted  level
  answer     up to 5,000 entries newest first; what cannot be among them is not read
  shown by   |= "o"
             | json
             | level="error"
             | line_format "{{.took}}\""""


def test_the_text_of_a_plan(explained: Explained) -> None:
    text = '{app="web"} | json | level="error" |= "o" | line_format "{{.took}}"'
    plan = explained.plan(text, (0, 1000.5))
    assert str(plan) == TEXT.replace("{stored}", bytes_text(plan.readings[0].cost.stored_bytes))


def test_the_json_of_a_plan(explained: Explained) -> None:
    plan = explained.plan('sum by (b) (rate({app="web"} | json [1m]))', (0, 60)).to_json()
    assert plan.pop("readings") == [
        {
            "selector": '{app="web"}',
            "start": str(seconds(-60) + 1),
            "end": str(seconds(60) + 1),
            "parts": {"total": 2, "selected": 1},
            "chunks": {"total": 2, "selected": 1, "skippedByTime": 1, "skippedByStreams": 0, "skippedByFilters": 0},
            "batches": {"total": 1, "selected": 0, "skippedByTime": 1, "skippedByStreams": 0, "skippedByFilters": 0},
            "chunksCounted": 0,
            "rows": 10,
            "lineBytes": 260,
            "storedBytes": explained.plan('{app="web"}', (0, 60)).readings[0].cost.stored_bytes,
            "readsLines": True,
            "stages": ["| json"],
            "labelsExtracted": ["b"],
            "aggregation": {
                "function": "rate",
                "range": "1m",
                "seriesLabels": "by (b)",
                "unwrap": "",
                "sumPushedDown": True,
            },
        }
    ]
    assert plan == {
        "query": 'sum by (b)(rate({app="web"} | json[1m]))',
        "kind": "metric",
        "start": str(seconds(0)),
        "end": str(seconds(60)),
        "stepNs": 60 * 10**9,
        "points": 2,
    }


@settings(max_examples=150, deadline=None)
@given(expr=st.one_of(log_queries, metric_expressions))
def test_whatever_runs_can_be_explained_and_no_query_breaks_the_planner(
    explained: Explained, expr: LogQuery | MetricExpr
) -> None:
    text = str(expr)
    try:
        stats = explained.stats(text)
    except QueryError as refused:
        # Some refusals depend on rows, and no plan knows those.
        with suppress(type(refused)):
            explained.plan(text)
        return
    plan = explained.plan(text)
    assert stats.compressed_bytes_read <= sum(reading.cost.stored_bytes for reading in plan.readings)
    assert str(plan).count("\nreading ") >= len(plan.readings)


def test_every_row_of_a_plan_is_documented(explained: Explained) -> None:
    page = (Path(__file__).parents[3] / "docs" / "explain.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z ,]+) \|", page, re.MULTILINE)
    plans = [explained.plan(text) for text in ('{app="a"} | json', 'rate({app="a"} | unwrap b [1m])')]
    lines = [line for plan in plans for line in str(plan).splitlines()]
    names = {match[1] for line in lines if (match := re.match(r" *([a-z]+( [a-z]+)*)(  | 1 of)", line))}
    assert {"query", "reading", "to read", "shown by", "samples"} <= names
    assert names <= {name for row in rows for name in row.split(", ")}
