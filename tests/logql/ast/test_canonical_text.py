"""The canonical text of queries."""

from __future__ import annotations

import pytest

from logql.syntax import parse

CASES = [
    ('{ a = "b" ,c=~`d"` }', '{a="b", c=~"d\\""}'),
    ('({a="b"} | JSON)', '{a="b"} | json'),
    ('{a="b"} |= "a" or "b" != "c" or "d"', '{a="b"} |= "a" or "b" != "c" != "d"'),
    ('{a="b"} |= ip("::1") or "x"|~`\\d`', '{a="b"} |= ip("::1") or "x" |~ "\\\\d"'),
    ('{a="b"} | foo > 1h30m | bar = 5 | b > 1d', '{a="b"} | foo>1h30m0s | bar==5 | b>24h0m0s'),
    ('{a="b"} | x = "y", z != 3.0', '{a="b"} | ( x="y" , z!=3 )'),
    ('{a="b"} | x="y" or z<-.5 and v>=+2', '{a="b"} | ( x="y" or ( z<-0.5 , v>=2 ) )'),
    ('{a="b"} | x > 5KiB or x > 5kB or x > 512', '{a="b"} | ( ( x>5KiB or x>5.0kB ) or x>512 )'),
    ('{a="b"} | x =~ "x+y" | y =~ "x.*" | z !~ "a|b"', '{a="b"} | x=~`x+y` | y=~"x.*" | z!~"a|b"'),
    ('{a="b"} | x != ip("10.0.0.0/8")', '{a="b"} | x!=ip("10.0.0.0/8")'),
    ('{a="b"} | json a , b = "c"', '{a="b"} | json a="a",b="c"'),
    ('{a="b"} | logfmt --keep-empty --strict x', '{a="b"} | logfmt --strict --keep-empty x="x"'),
    ('{a="b"} | label_format a=b, c=`t"l`', '{a="b"} | label_format a=b,c="t\\"l"'),
    ('{a="b"} | drop a, b="c" | keep d, e=~"f"', '{a="b"} | drop a,b="c" | keep d,e=~"f"'),
    ('{a="b"}|unpack|decolorize|line_format "x"', '{a="b"} | unpack | decolorize | line_format "x"'),
    (
        'sum_over_time({a="b"} | unwrap x | y > 1 [90m] offset 60s)',
        'sum_over_time({a="b"} | unwrap x | y>1[1h30m] offset 1m0s)',
    ),
    ('rate({a="b"}[5m] offset -1h | json)', 'rate({a="b"} | json[5m] offset -1h0m0s)'),
    ('rate(({a="b"}[1w]))', 'rate({a="b"}[1w])'),
    ('max_over_time(({a="b"})[90d] | unwrap bytes(x))', 'max_over_time({a="b"} | unwrap bytes(x)[90d])'),
    ('avg_over_time(({a="b"} | unwrap x)[5m]) by ()', 'avg_over_time({a="b"} | unwrap x[5m]) by ()'),
    ('sum(rate({a="b"}[5m])) by (a, b)', 'sum by (a,b)(rate({a="b"}[5m]))'),
    ('sum by () (rate({a="b"}[5m]))', 'sum(rate({a="b"}[5m]))'),
    ('count without () (rate({a="b"}[5m]))', 'count without ()(rate({a="b"}[5m]))'),
    ("vector(1) == bool on (a) vector(2)", "(vector(1.000000) == bool on (a)  vector(2.000000))"),
    (
        "vector(1) + ignoring(x) group_left(y, z) vector(2)",
        "(vector(1.000000) + ignoring (x) group_left (y,z) vector(2.000000))",
    ),
    (
        "vector(1) * on() group_right (vector(2) + vector(3))".replace("right (", "right () ("),
        "(vector(1.000000) * on () group_right () (vector(2.000000) + vector(3.000000)))",
    ),
    ("vector(1e-9)", "vector(0.000000001)"),
    ("vector(1) - -1e21", "(vector(1.000000) - -1000000000000000000000)"),
    (
        'label_replace(vector(1), "a", "$1", `b`, "(.*)")',
        'label_replace(vector(1.000000),"a","$1","b","(.*)")',
    ),
    (
        'variants(rate({a="b"}[5m]), vector(1)) of ({a="b"} | json [5m])',
        'variants(rate({a="b"}[5m]), vector(1.000000)) of ({a="b"} | json[5m])',
    ),
    (
        'topk(5,sum by(a)(rate({a="b"}|="x"|logfmt|unwrap duration(d)[5m])))/2',
        '(topk(5,sum by (a)(rate({a="b"} |= "x" | logfmt | unwrap duration(d)[5m]))) / 2)',
    ),
]


@pytest.mark.parametrize(("text", "canonical"), CASES)
def test_queries_print_canonically(text: str, canonical: str) -> None:
    expr = parse(text)
    assert str(expr) == canonical
    assert parse(canonical) == expr
