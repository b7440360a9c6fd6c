"""Several aggregations in one answer: each is what it would be alone, and none takes another's place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logql.cancel import Cancel
from logql.errors import QueryError
from logql.limits import QueryLimits
from logql.requests import InstantQuery, RangeQuery
from tests.logql.engine_case import TENANT, EngineCase, LabelText, seconds

LIMITS = QueryLimits(enable_multi_variant_queries=True, max_query_series=3)
COMMON = '{app="web"} | logfmt'


@pytest.fixture(name="case", scope="module")
def fixture_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineCase]:
    with EngineCase(tmp_path_factory.mktemp("variants"), LIMITS) as case:
        for host in "ab":
            rows = [(float(i), f"v={i} user={'abcdef'[i]} level={'error' if i % 2 else 'info'}") for i in range(6)]
            case.push({"app": "web", "host": host}, rows)
        yield case


def named(samples: list[tuple[LabelText, float]], number: int) -> list[tuple[LabelText, float]]:
    return [(tuple(sorted({**dict(labels), "__variant__": str(number)}.items())), value) for labels, value in samples]


@pytest.mark.parametrize(
    ("variant", "alone"),
    [
        ("sum by (host) (count_over_time({X}[10s]))", "sum by (host) (count_over_time({C}[10s]))"),
        ("sum(rate({X}[5s]))", "sum(rate({C}[5s]))"),
        ("max_over_time({X} | unwrap v [10s]) by (level)", "max_over_time({C} | unwrap v [10s]) by (level)"),
        (
            "topk(1, bytes_over_time({X} | v=1 | keep host [9s]))",
            "topk(1, bytes_over_time({C} | v=1 | keep host [9s]))",
        ),
        ("sum by (user) (rate({X} | v > 3 [10s]))", "sum by (user) (rate({C} | v > 3 [10s]))"),
    ],
)
def test_a_variant_is_its_aggregation_over_the_common_pipeline(case: EngineCase, variant: str, alone: str) -> None:
    variant, alone = variant.replace("{X}", '{app="other"}'), alone.replace("{C}", COMMON)
    other = f"count_over_time({COMMON}[3s])"
    for number, text in enumerate((f"{variant}, sum({other})", f"sum({other}), {variant}")):
        answer = case.instant(f"variants({text}) of ({COMMON}[10s])", 6)
        assert [sample for sample in answer if dict(sample[0])["__variant__"] == str(number)] == named(
            case.instant(alone, 6), number
        )
        assert named(case.instant(f"sum({other})", 6), 1 - number)[0] in answer


def test_a_range_aggregation_loses_its_own_pipeline(case: EngineCase) -> None:
    text = f'variants(max_over_time({{app="x"}} | json | v > 100 | unwrap v [10s]) by (host)) of ({COMMON}[10s])'
    alone = f"max_over_time({COMMON} | unwrap v [10s]) by (host)"
    assert case.instant(text, 6) == named(case.instant(alone, 6), 0)


def test_ranges_have_the_same_variants(case: EngineCase) -> None:
    text = f"variants(sum(count_over_time({COMMON}[2s])), sum(rate({COMMON}[4s]))) of ({COMMON}[2s])"
    answer = case.range(text, 0, 8, 2)
    for number, alone in enumerate((f"sum(count_over_time({COMMON}[2s]))", f"sum(rate({COMMON}[4s]))")):
        assert answer[("__variant__", str(number)),] == case.range(alone, 0, 8, 2)[()]


@pytest.mark.parametrize("wide", ['count_over_time({a="b"}[10s])', 'max by (user) (count_over_time({a="b"}[10s]))'])
def test_a_variant_of_too_many_series_is_left_out_with_a_warning(case: EngineCase, wide: str) -> None:
    small = 'sum by (host) (count_over_time({a="b"}[10s]))'
    asked = InstantQuery(f"variants({small}, {wide}, {small}) of ({COMMON}[10s])", seconds(6), LIMITS)
    answer = case.engine.instant(TENANT, asked, Cancel())
    assert answer.warnings == ("maximum of series (3) reached for variant (1)",)
    assert answer.stats.entries_returned == 4  # more than any one of them may have


@pytest.mark.parametrize(
    "variant",
    [
        "vector(1)",
        "1",
        'rate({a="b"}[5s]) * 2',
        'sum(sum(rate({a="b"}[5s])))',
        'label_replace(rate({a="b"}[5s]), "a", "", "b", "")',
    ],
)
def test_what_is_no_aggregation_over_a_range_is_refused(case: EngineCase, variant: str) -> None:
    with pytest.raises(QueryError, match="a variant is a range aggregation or a vector aggregation of one"):
        case.instant(f"variants({variant}) of ({COMMON}[5s])", 6)


def test_they_are_off_unless_allowed(tmp_path: Path) -> None:
    with EngineCase(tmp_path) as case, pytest.raises(QueryError, match="multi variant queries are disabled"):
        case.instant(f"variants(rate({COMMON}[5s])) of ({COMMON}[5s])", 6)


def test_the_plan_names_the_reading_of_each(case: EngineCase) -> None:
    text = f"variants(sum(rate({COMMON}[5s])), max_over_time({COMMON} | unwrap v [9s])) of ({COMMON}[5s])"
    plan = case.engine.explain(TENANT, RangeQuery(text, seconds(0), seconds(9), 1000, limits=LIMITS))
    assert [str(reading.selector) for reading in plan.readings] == ['{app="web"}'] * 2
