"""Whole queries from parameters: defaults, texts, and which mistake is told first."""

from __future__ import annotations

import pytest

from logql.limits import QueryLimits
from logql.requests import EVERYTHING_NS, Direction, InstantQuery, RangeQuery
from server.http.errors import BadRequest
from server.parameters.form import parse_parameters
from server.parameters.queries import parse_instant_query, parse_range_query

S = 1_000_000_000
NOW = 1_795_367_953 * S


def ranged(url: str) -> RangeQuery:
    return parse_range_query(parse_parameters(url.encode()), NOW, QueryLimits(), False)


def instant(url: str) -> InstantQuery:
    return parse_instant_query(parse_parameters(url.encode()), NOW, QueryLimits(), False)


def test_defaults_of_a_range_query() -> None:
    query = ranged("query=x")
    assert (query.text, query.limit, query.direction, query.interval_ns) == ("x", 100, Direction.BACKWARD, 0)
    assert (query.start_ns, query.end_ns, query.step_ms) == (NOW - 3600 * S, NOW, 14_000)


@pytest.mark.parametrize(
    ("url", "step_ms"),
    [
        ("start=0&end=100", 1000),
        ("start=0&end=100000", 400_000),
        ("start=0&end=100&step=60", 60_000),
        ("start=0&end=100&step=1.5", 1500),
        ("start=0&end=100&step=1e1", 10_000),
        ("start=0&end=100&step=2000ms", 2000),
        ("start=0&end=100&step=1m30s", 90_000),
        ("start=0&end=1&step=0.0001", 1),
    ],
)
def test_steps(url: str, step_ms: int) -> None:
    assert ranged(url).step_ms == step_ms


@pytest.mark.parametrize("text", ["backward", "BACKWARD", "Forward", "forward", ""])
def test_direction_is_read_in_any_case(text: str) -> None:
    assert ranged(f"direction={text}").direction == (text.lower() or "backward")


RESOLUTION = (
    "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter"
)
STEP = "zero or negative query resolution step widths are not accepted. Try a positive integer"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("limit=abc", 'strconv.Atoi: parsing "abc": invalid syntax'),
        ("limit=1.5", 'strconv.Atoi: parsing "1.5": invalid syntax'),
        ("limit=99999999999999999999", 'strconv.Atoi: parsing "99999999999999999999": value out of range'),
        ("limit=0", "limit must be a positive value"),
        ("limit=-1", "limit must be a positive value"),
        ("direction=up", "invalid direction 'up'"),
        ("step=abc", 'cannot parse "abc" to a valid duration'),
        ("step=1.5s", 'cannot parse "1.5s" to a valid duration'),
        ("step=1us", 'cannot parse "1us" to a valid duration'),
        ("step=0x1", 'cannot parse "0x1" to a valid duration'),
        ("step=%205", 'cannot parse " 5" to a valid duration'),
        ("step=PT1M", 'cannot parse "PT1M" to a valid duration'),
        ("step=1e300", 'cannot parse "1e300" to a valid duration. It overflows int64'),
        ("step=0", STEP),
        ("step=-1", STEP),
        ("start=0&end=3600&step=0.1", RESOLUTION),
        ("start=0&end=11001&step=1", RESOLUTION),
        ("interval=-1", "interval must be >= 0"),
        ("interval=x", 'cannot parse "x" to a valid duration'),
        ("limit=0&direction=up&step=0", "limit must be a positive value"),
        ("direction=up&step=0&interval=-1", "invalid direction 'up'"),
        ("step=0&interval=-1", STEP),
        ("start=x&limit=0", "could not parse 'start' parameter: strconv.ParseInt: parsing \"x\": invalid syntax"),
        ("start=2&end=1&limit=0", "end timestamp must not be before or equal to start time"),
    ],
)
def test_the_first_mistake_is_told(url: str, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ranged(url)
    assert str(caught.value) == text


def test_eleven_thousand_points_are_not_too_many() -> None:
    assert ranged("start=0&end=11000&step=1").step_ms == 1000


def test_grafanas_health_check_reads_its_time_as_seconds() -> None:
    assert instant("query=vector(1)%2Bvector(1)&time=4000000000").time_ns == 4_000_000_000 * S


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("time=abc", 'strconv.ParseInt: parsing "abc": invalid syntax'),
        ("limit=0", "limit must be a positive value"),
        ("direction=up", "invalid direction 'up'"),
        ("time=abc&limit=0", 'strconv.ParseInt: parsing "abc": invalid syntax'),
    ],
)
def test_bad_instant_queries(url: str, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        instant(url)
    assert str(caught.value) == text


@pytest.mark.parametrize(("lookback_s", "oldest_ns"), [(0, EVERYTHING_NS), (60, NOW - 60 * S)])
def test_lookback_bounds_what_a_query_sees(lookback_s: int, oldest_ns: int) -> None:
    limits, parameters = QueryLimits(max_query_lookback_s=lookback_s), parse_parameters(b"query=x&start=1&end=2&time=3")
    assert parse_range_query(parameters, NOW, limits, False).oldest_ns == oldest_ns
    assert parse_instant_query(parameters, NOW, limits, False).oldest_ns == oldest_ns
