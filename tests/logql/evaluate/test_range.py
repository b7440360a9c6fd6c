"""Range aggregations over unwrapped samples against plain definitions, window by window."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.errors import LimitExceeded, PipelineError
from logql.samples.grid import Grid
from storage.labels import Labels
from tests.logql.evaluation import Row, evaluated, source
from tests.logql.range_aggregations.windows import DEFINITIONS, same

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: f"{value:.6g}") | st.sampled_from(["0", "1", "-1", "1e3"])
ROWS = st.lists(
    st.builds(
        Row,
        st.integers(0, 40).map(lambda tenths: tenths * 10**8),
        st.sampled_from(["a", "b", "c"]),
        st.fixed_dictionaries({"g": st.sampled_from("xy")}, optional={"v": NUMBERS | st.just("")}),
    ),
    min_size=1,
    max_size=25,
)
GRIDS = st.builds(
    Grid,
    st.integers(-10, 40).map(lambda tenths: tenths * 10**8),
    st.integers(1, 20).map(lambda tenths: tenths * 10**8),
    st.integers(1, 12),
)
GROUPED = {"avg", "min", "max", "stdvar", "stddev", "first", "last", "quantile"}


def text_of(name: str, grouping: str, range_ms: int, offset_ms: int) -> str:
    parameter = "0.9, " if name == "quantile_over_time" else ""
    return f'{name}({parameter}{{s=~".+"}} | unwrap v [{range_ms}ms] offset {offset_ms}ms){grouping}'


def labels_of(row: Row, grouping: str) -> tuple[tuple[str, str], ...]:
    every = {"s": row.stream, **{name: value for name, value in row.metadata.items() if name != "v"}}
    if grouping == " by (g)":
        return (("g", every["g"]),)
    if grouping == " without (s)":
        every.pop("s")
    return () if grouping == " by ()" else tuple(sorted(every.items()))


def entry_order(row: Row) -> tuple[int, int]:
    """Rows of one time by the hash of their stream; sorting is stable, so rows of one stream stay as ingested."""
    return row.ts, Labels({"s": row.stream}).hash64


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@given(data=st.data(), parts=st.lists(ROWS, min_size=1, max_size=3), grid=GRIDS)
@settings(max_examples=60)
def test_every_function_answers_its_definition_in_every_window(
    name: str, data: st.DataObject, parts: list[list[Row]], grid: Grid
) -> None:
    can_group = name.split("_")[0] in GROUPED
    grouping = data.draw(st.sampled_from(["", " by (g)", " by ()", " without (s)"] if can_group else [""]))
    range_ms, offset_ms = data.draw(st.integers(1, 30)) * 100, data.draw(st.sampled_from([0, 0, 500]))
    answer = evaluated(text_of(name, grouping, range_ms, offset_ms), [source(rows) for rows in parts], grid)
    # Duplicates of one stream, time and metadata are for the store to remove, not for the engine.
    rows = sorted((row for rows in parts for row in rows if row.metadata.get("v")), key=entry_order)
    wanted: dict[tuple[tuple[str, str], ...], dict[int, float]] = {}
    for point in range(grid.points):
        end = grid.start_ns + point * grid.step_ns - offset_ms * 10**6
        seen = [row for row in rows if end - range_ms * 10**6 < row.ts <= end]
        for labels in {labels_of(row, grouping) for row in seen}:
            window = [(row.ts, float(row.metadata["v"])) for row in seen if labels_of(row, grouping) == labels]
            wanted.setdefault(labels, {})[point] = DEFINITIONS[name](window, range_ms / 1000)
    assert answer.keys() == wanted.keys()
    for labels, values in wanted.items():
        assert answer[labels].keys() == values.keys()
        assert all(same(answer[labels][point], value) for point, value in values.items())


@given(rows=ROWS, grid=GRIDS)
@settings(max_examples=60)
def test_a_pushed_down_sum_is_the_sum_of_the_series(rows: list[Row], grid: Grid) -> None:
    inner = 'sum_over_time({s=~".+"} | unwrap v [1s])'
    pushed = evaluated(f"sum by (g) ({inner})", [source(rows)], grid)
    plain = evaluated(f"sum by (g) ({inner} * 1)", [source(rows)], grid)
    assert pushed.keys() == plain.keys()
    for labels, values in plain.items():
        assert values.keys() == pushed[labels].keys()
        assert all(same(pushed[labels][point], value) for point, value in values.items())


@given(rows=ROWS, grid=GRIDS)
@settings(max_examples=60)
def test_absent_is_where_the_count_has_nothing(rows: list[Row], grid: Grid) -> None:
    counted = evaluated('sum(count_over_time({s="a"} [700ms]))', [source(rows)], grid).get((), {})
    absent = evaluated('absent_over_time({s="a"} [700ms])', [source(rows)], grid).get((("s", "a"),), {})
    assert absent == {point: 1.0 for point in range(grid.points) if point not in counted}


def one(text: str, *rows: Row, at_ns: int = 10**9) -> dict[tuple[tuple[str, str], ...], float]:
    answer = evaluated(text, [source(rows)], Grid.instant(at_ns))
    return {labels: values[0] for labels, values in answer.items()}


@pytest.mark.parametrize(
    ("unwrap", "text", "value"),
    [
        ("v", "1e3", 1000.0),
        ("v", "0x1p4", 16.0),
        ("v", "NaN", math.nan),
        ("v", "-Inf", -math.inf),
        ("v", "1234567890123456789", 1234567890123456789.0),
        ("v", "0.1", 0.1),
        ("duration(v)", "1h0.5s", 3600.5),
        ("duration(v)", "-1.5ms", -0.0015),
        ("duration(v)", "0", 0.0),
        ("duration_seconds(v)", "250us", 0.00025),
        ("bytes(v)", "5 KiB", 5120.0),
        ("bytes(v)", "1,000", 1000.0),
        ("bytes(v)", "1.5EB", 1.5e18),
    ],
)
def test_texts_are_converted(unwrap: str, text: str, value: float) -> None:
    answer = one(f'sum_over_time({{s="a"}} | unwrap {unwrap} [1s])', Row(10**9, "a", {"v": text}))
    assert same(answer[(("s", "a"),)], value)


@pytest.mark.parametrize(
    ("unwrap", "text", "details"),
    [
        ("v", "bad", 'strconv.ParseFloat: parsing "bad": invalid syntax'),
        ("v", "1e400", 'strconv.ParseFloat: parsing "1e400": value out of range'),
        ("v", " 1", 'strconv.ParseFloat: parsing " 1": invalid syntax'),
        ("duration(v)", "5", 'time: missing unit in duration "5"'),
        ("duration(v)", "1d", 'time: unknown unit "d" in duration "1d"'),
        ("bytes(v)", "5 parsecs", "unhandled size name: parsecs"),
    ],
)
def test_a_text_that_is_no_number_fails_the_query_unless_it_is_filtered_away(
    unwrap: str, text: str, details: str
) -> None:
    rows = Row(10**9, "a", {"v": text}), Row(10**9, "b", {"v": "1s" if "duration" in unwrap else "1"})
    with pytest.raises(PipelineError) as failure:
        one(f'sum_over_time({{s=~".+"}} | unwrap {unwrap} [1s])', *rows)
    wanted = Labels({"__error__": "SampleExtractionErr", "__error_details__": details, "s": "a", "v": text}).text
    assert str(failure.value).startswith(f"pipeline error: 'SampleExtractionErr' for series: '{wanted}'.\n")


def test_texts_of_rows_that_are_filtered_away_do_not_matter() -> None:
    rows = [Row(10**9, "a", {"v": text, "g": group}) for text, group in (("1", "x"), ("bad", "y"), ("9", "x"))]
    rows += [Row(10**9, "a", {"v": "worse", "g": "z"}), Row(10**9 - 1, "a", {"v": "2", "g": "x"})]
    assert one('sum_over_time({s="a"} | g="x" | unwrap v [1s])', *rows) == {(("g", "x"), ("s", "a")): 12.0}
    with pytest.raises(PipelineError, match=r'parsing ."bad."'):
        one('sum_over_time({s="a"} | g!="z" | unwrap v [1s])', *rows)
    after = 'sum_over_time({s="a"} | unwrap v | __error__="" | v!="9" [1s])'
    assert one(after, *rows) == {(("g", "x"), ("s", "a")): 3.0}


FAULTY = {"v": "1", "__error__": "JSONParserErr", "__error_details__": "odd"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('sum(count_over_time({s="a"} | __error__!="" [1s]))', {(): 2.0}),
        ('sum by (g) (count_over_time({s="a"} | __error__!="" [1s]))', {(): 1.0, (("g", "x"),): 1.0}),
        ('sum by (__error__) (count_over_time({s="a"}[1s]))', {(): 1.0, (("__error__", "JSONParserErr"),): 2.0}),
        ('max_over_time({s="a"} | unwrap v [1s]) by (__error__)', {(): 5.0, (("__error__", "JSONParserErr"),): 1.0}),
        ('max_over_time({s="a"} | unwrap v | __error__!="" [1s]) by (s)', {(("s", "a"),): 1.0}),
        ('count_over_time({s="a"} | __error__="" [1s])', {(("s", "a"), ("v", "5")): 1.0}),
    ],
)
def test_who_looks_at_the_errors_of_parsers_may_count_them(
    text: str, answer: dict[tuple[tuple[str, str], ...], float]
) -> None:
    rows = Row(10**9, "a", FAULTY), Row(10**9, "a", {**FAULTY, "g": "x"}), Row(10**9, "a", {"v": "5"})
    assert one(text, *rows) == answer


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("JSONParserErr", 'count_over_time({s="a"} | __error__!="" [1s])'),
        ("JSONParserErr", 'sum without (g) (count_over_time({s="a"} | __error__!="" [1s]))'),
        ("JSONParserErr", 'sum by (s) (count_over_time({s="a"}[1s]))'),
        ("JSONParserErr", 'absent_over_time({s="a"}[1s])'),
        ("LabelFilterErr", 'sum(count_over_time({s="a"} | __error__!="" [1s]))'),
        ("anything", 'sum by (__error__) (count_over_time({s="a"}[1s]))'),
    ],
)
def test_other_errors_fail_the_query(error: str, text: str) -> None:
    with pytest.raises(PipelineError, match=f"pipeline error: '{error}' for series"):
        one(text, Row(10**9, "a", {"__error__": error}))


def test_errors_between_two_windows_are_nobodys_business() -> None:
    rows = [Row(0, "a", {"v": "1"}), Row(5 * 10**9, "a", {"v": "bad"}), Row(10**10, "a", {"v": "2"})]
    text = 'sum_over_time({s="a"} | unwrap v [1s])'
    assert evaluated(text, [source(rows)], Grid(0, 10**10, 2)) == {(("s", "a"),): {0: 1.0, 1: 2.0}}
    with pytest.raises(PipelineError):
        evaluated(text, [source(rows)], Grid(0, 5 * 10**9, 3))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('max_over_time({s="a"} | unwrap v [1s])', {"s": "a", "g": "x"}),
        ('max_over_time({s="a"} | unwrap v [1s]) by (v, g)', {"g": "x", "v": "1"}),
        ('max_over_time({s="a"} | unwrap v [1s]) by (nope)', {}),
        ('max_over_time({s="a"} | unwrap v [1s]) without ()', {"s": "a", "g": "x"}),
        ('max_over_time({s="a"} | unwrap v [1s]) without (s)', {"g": "x"}),
        ('sum without (g) (sum_over_time({s="a"} | unwrap v [1s]))', {"s": "a"}),
        ('sum by (v) (sum_over_time({s="a"} | unwrap v [1s]))', {"v": "1"}),
    ],
)
def test_the_unwrapped_label_goes_unless_it_is_asked_for(text: str, labels: dict[str, str]) -> None:
    assert one(text, Row(10**9, "a", {"v": "1", "g": "x"})) == {Labels(labels).pairs: 1.0}


@pytest.mark.parametrize("order", [1, -1])
def test_streams_at_one_time_are_in_the_order_of_their_hashes(order: int) -> None:
    rows = [Row(10**9, stream, {"v": str(place)}) for place, stream in enumerate("abcdefgh")][::order]
    by_hash = sorted(rows, key=entry_order)
    first, last = (float(by_hash[place].metadata["v"]) for place in (0, -1))
    sources = [source([row]) for row in rows]
    instant = Grid.instant(10**9)
    assert evaluated('first_over_time({s=~".+"} | unwrap v [1s]) by ()', sources, instant) == {(): {0: first}}
    assert evaluated('last_over_time({s=~".+"} | unwrap v [1s]) by ()', sources, instant) == {(): {0: last}}


def test_a_query_holds_no_more_than_its_budget() -> None:
    rows = [Row(number, "a", {"v": "1", "n": str(number)}) for number in range(1000)]
    for text in ('sum_over_time({s="a"} | unwrap v [1s])', 'count_over_time({s="a"}[1s])'):
        with pytest.raises(LimitExceeded, match=r"needs more memory than its budget of .* for .*; aggregate with sum"):
            evaluated(text, [source(rows)], Grid(0, 1000, 1000), budget_bytes=50_000)


def test_legs_that_are_equal_share_one_scan() -> None:
    reads: list[int] = []

    class Counting(type(source([Row(0, "a")]))):  # type: ignore[misc]
        def ts(self) -> object:
            reads.append(1)
            return super().ts()

    counting = Counting(source([Row(5, "a")]).batch)
    leg = 'sum(count_over_time({s="a"}[1s]))'
    assert evaluated(f"{leg} / ({leg} + {leg})", [counting], Grid.instant(10)) == {(): {0: 0.5}}
    assert len(reads) == 1
