"""The parameters of ``tail``."""

from __future__ import annotations

import pytest

from logql.limits import QueryLimits
from logql.tail import TailQuery
from server.http.errors import BadRequest
from server.parameters.form import parse_parameters
from server.parameters.tail import parse_tail

NOW_NS = 1_795_000_000 * 10**9
HOUR_NS = 3600 * 10**9
LIMITS = QueryLimits()


def _parsed(query_string: str, limits: QueryLimits = LIMITS) -> TailQuery:
    return parse_tail(parse_parameters(query_string.encode()), NOW_NS, limits)


@pytest.mark.parametrize(
    ("query_string", "expected"),
    [
        ("query={a=~%22b%22}", TailQuery('{a=~"b"}', NOW_NS - HOUR_NS, NOW_NS)),
        ("query=x&limit=7&delay_for=5", TailQuery("x", NOW_NS - HOUR_NS, NOW_NS, 7, 5 * 10**9)),
        ("query=x&start=1794999999&delay_for=0", TailQuery("x", NOW_NS - 10**9, NOW_NS)),
        ("query=x&since=5m", TailQuery("x", NOW_NS - 300 * 10**9, NOW_NS)),
        ("", TailQuery("", NOW_NS - HOUR_NS, NOW_NS)),
    ],
)
def test_parameters_and_their_defaults(query_string: str, expected: TailQuery) -> None:
    assert _parsed(query_string) == expected


@pytest.mark.parametrize(
    ("query_string", "text"),
    [
        ("delay_for=6", "delay_for can't be greater than 5"),
        ("delay_for=-1", "delay_for can't be greater than 5"),
        ("delay_for=1s", 'strconv.Atoi: parsing "1s": invalid syntax'),
        ("limit=0", "limit must be a positive value"),
        ("limit=x", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("start=now", "could not parse 'start' parameter: strconv.ParseInt: parsing \"now\": invalid syntax"),
        ("start=1795000001", "end timestamp must not be before or equal to start time"),
    ],
)
def test_refusals(query_string: str, text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        _parsed(query_string)
    assert str(refused.value) == text


def test_a_lookback_limit_bounds_the_history() -> None:
    assert _parsed("query=x", QueryLimits(max_query_lookback_s=60)).oldest_ns == NOW_NS - 60 * 10**9
