"""Queries that are too large to run are refused before they read anything, and only those."""

from __future__ import annotations

import pytest

from logql.check_limits import check_limits
from logql.errors import LimitExceeded, ParseError
from logql.limits import MAX_JSON_PATH, MAX_QUERY_PARTS, QueryLimits
from logql.syntax import parse, validate

SMALL = [
    '{a="b"}' + ' |= "x"' * 900,
    '{a="b"}' + " | json" * 1900,
    '{a="b"} | ' + " or ".join(['c="d"'] * 900),
    '{a="b"} | json | drop ' + ",".join(["c"] * 1900),
]
LARGE = [
    '{a="b"}' + ' |= "x"' * 1100,
    '{a="b"} |= ' + " or ".join(['"x"'] * 2100),
    '{a="b"}' + " | json" * 2100,
    '{a="b"} | ' + " or ".join(['c="d"'] * 1100),
    '{a="b"} | json | drop ' + ",".join(["c"] * 2100),
    '{a="b"} | json | keep ' + ",".join(["c"] * 2100),
    '{a="b"} | label_format ' + ",".join(f"c{i}=d" for i in range(2100)),
    'sum(count_over_time({a="b"}' + ' != "x"' * 1100 + " [5m]))",
]


@pytest.mark.parametrize("text", SMALL)
def test_long_queries_of_people_pass(text: str) -> None:
    check_limits(parse(text), QueryLimits())


@pytest.mark.parametrize("text", LARGE)
def test_queries_of_too_many_parts_are_refused(text: str) -> None:
    with pytest.raises(LimitExceeded, match=f"the query has too many parts: .*limit: {MAX_QUERY_PARTS}: ask for less"):
        check_limits(parse(text), QueryLimits())


def test_paths_of_json_end_somewhere() -> None:
    validate(parse('{a="b"} | json c="' + ".".join(["d"] * MAX_JSON_PATH) + '"'))
    for path in (".".join(["d"] * (MAX_JSON_PATH + 1)), "d" + "[0]" * 10_000):
        with pytest.raises(ParseError, match=f"a path has {MAX_JSON_PATH} parts at most"):
            validate(parse(f'{{a="b"}} | json c="{path}"'))
