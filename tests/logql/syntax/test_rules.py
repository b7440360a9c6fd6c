"""Rules that a well-formed query can still break, and the texts of the errors."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from logql.syntax import parse

_EMPTY_SELECTOR = (
    "queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
    'For instance, app=~".*" does not meet this requirement, but app=~".+" will'
)
_MISSING = "error parsing regexp: missing closing ): `(`"

BROKEN = [
    *(
        (selector, _EMPTY_SELECTOR)
        for selector in (
            "{}",
            '{a=""}',
            '{a!="x"}',
            '{a=~".*"}',
            '{a=~".?"}',
            '{a=~"x|"}',
            '{a!~".+"}',
            '{a!~"x"}',
            '{a!="x", b=~".*"}',
            "sum(rate({}[5m]))",
            'vector(1) + rate({a="x"}[5m]) / rate({b=""}[5m])',
        )
    ),
    ('{app=~"("}', _MISSING),
    ('{app="a"} | app=~"("', _MISSING),
    ('{app="a"} | keep a=~"("', _MISSING),
    ('{app="a"} | drop a!~"("', _MISSING),
    ('sum_over_time({app="foo"}[5m])', "invalid aggregation sum_over_time without unwrap"),
    ('rate_counter({app="foo"}[5m])', "invalid aggregation rate_counter without unwrap"),
    ('first_over_time({app="foo"}[5m])', "invalid aggregation first_over_time without unwrap"),
    ('count_over_time({app="foo"} | unwrap x [5m])', "invalid aggregation count_over_time with unwrap"),
    ('bytes_rate({app="foo"} | unwrap x [5m])', "invalid aggregation bytes_rate with unwrap"),
    ('count_over_time({app="foo"}[5m]) by (app)', "grouping not allowed for count_over_time aggregation"),
    ('sum_over_time({a="b"} | unwrap x [5m]) by (h)', "grouping not allowed for sum_over_time aggregation"),
    ('rate({a="b"} | unwrap x [5m]) without (h)', "grouping not allowed for rate aggregation"),
    ('absent_over_time({a="b"} | unwrap x [5m]) by (a)', "grouping not allowed for absent_over_time aggregation"),
    ('quantile_over_time({a="b"} | unwrap x [5m])', "parameter required for operation quantile_over_time"),
    ('rate(2, {app="foo"}[5m])', "parameter 2 not supported for operation rate"),
    ('topk(sum(rate({a="b"}[5m])))', "parameter required for operation topk"),
    ("topk(3)", "parameter required for operation topk"),
    ('topk(0, rate({a="b"}[5m]))', "invalid parameter (must be greater than 0) topk(0"),
    ('bottomk(1.5, rate({a="b"}[5m]))', "invalid parameter bottomk(1.5,"),
    ('sum(3, rate({a="b"}[5m]))', "unsupported parameter for operation sum(3,"),
    ('sort by (app) (rate({a="b"}[5m]))', "sort and sort_desc doesn't allow grouping by "),
    ('sort_desc(rate({a="b"}[5m])) without (app)', "sort and sort_desc doesn't allow grouping by "),
    ('approx_topk by (app) (3, rate({a="b"}[5m]))', "grouping not allowed for approx_topk aggregation"),
    (
        'rate({a="b"}[5m]) and 1',
        "unexpected literal for right leg of logical/set binary operation (and): 1.000000",
    ),
    (
        '1 or rate({a="b"}[5m])',
        "unexpected literal for left leg of logical/set binary operation (or): 1.000000",
    ),
    ("1 unless 2", "unexpected literal for left leg of logical/set binary operation (unless): 1.000000"),
    ('{a="b"} or {c="d"}', "unexpected type for left leg of binary operation (or): *syntax.MatchersExpr"),
    ('{a="b"} |= "x" + {c="d"}', "unexpected type for left leg of binary operation (+): *syntax.PipelineExpr"),
    ('1 + {a="b"}', "unexpected type for right leg of binary operation (+): *syntax.MatchersExpr"),
    ('vector(1) / ({a="b"} | json)', "unexpected type for right leg of binary operation (/): *syntax.PipelineExpr"),
    ('{app="a"} | regexp "foo"', "invalid regexp parser: at least one named capture must be supplied"),
    ('{app="a"} | regexp "(foo)"', "invalid regexp parser: at least one named capture must be supplied"),
    ('{app="a"} | regexp "[(?P<a>.)]"', "invalid regexp parser: at least one named capture must be supplied"),
    ('{app="a"} | regexp "(?P<a>.)(?P<a>.)"', "invalid regexp parser: duplicate extracted label name 'a'"),
    (
        '{app="a"} | regexp "(?P<a-b>.)"',
        "invalid regexp parser: error parsing regexp: invalid named capture: `(?P<a-b>`",
    ),
    ('{app="a"} | pattern "foo"', "invalid pattern parser: at least one capture is required"),
    ('{app="a"} | pattern "<_>"', "invalid pattern parser: at least one capture is required"),
    (
        '{app="a"} | pattern "<a><b>"',
        "invalid pattern parser: found consecutive capture '<a><b>': invalid expression",
    ),
    ('{app="a"} | pattern "<a> <a>"', "invalid pattern parser: duplicate capture name (a): invalid expression"),
    (
        '{app="a"} | pattern ""',
        "invalid pattern parser: parse error at line 1, col 1: syntax error: unexpected $end, "
        "expecting IDENTIFIER or LITERAL",
    ),
    (
        'label_replace(rate({a="b"}[5m]), "x", "y", "z", "(")',
        "invalid regex in label_replace: error parsing regexp: missing closing ): `^(?:()$`",
    ),
    (
        "1e400",
        'unable to parse literal as a float: strconv.ParseFloat: parsing "1e400": value out of range',
    ),
    (
        "0x10 + 1",
        'unable to parse literal as a float: strconv.ParseFloat: parsing "0x10": invalid syntax',
    ),
    (
        '{a="b"} | v > 0x1F',
        'unable to parse literal as a float: strconv.ParseFloat: parsing "0x1F": invalid syntax',
    ),
    (
        "vector(1e400)",
        'unable to parse vectorExpr as a float: strconv.ParseFloat: parsing "1e400": value out of range',
    ),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_rule_is_named_without_a_position(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value) == f"parse error : {message}"


KEPT = [
    '{a="x"}',
    '{a=~".+"}',
    '{a!=""}',
    '{a!~""}',
    '{a!~".*"}',
    '{a="", b="x"}',
    'rate({a="b"}[5m])',
    'rate({a="b"} | unwrap x [5m])',
    'absent_over_time({a="b"} | unwrap x [5m])',
    'rate_counter({a="b"} | unwrap x [5m])',
    'last_over_time({a="b"} | unwrap x [5m]) by (a)',
    'quantile_over_time(7, {a="b"} | unwrap x [5m]) without (a)',
    'topk by (a) (2, rate({a="b"}[5m]))',
    'sort by () (rate({a="b"}[5m]))',
    'sort(rate({a="b"}[5m])) without ()',
    'approx_topk(2, rate({a="b"}[5m]))',
    "vector(1) or vector(2)",
    'sum by (a,a) (rate({a="b"}[5m]))',
    "sum(5)",
    'rate({a="b"}[5m]) and on() group_left vector(1)',
    'rate({a="b"}[5m]) + bool 1',
]


@pytest.mark.parametrize("text", KEPT)
def test_queries_within_the_rules_parse(text: str) -> None:
    parse(text)
