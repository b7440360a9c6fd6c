"""The oracle itself against the golden answers of the language page, which are those of a real server."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pytest

from logql.ast import LogQuery, Variants
from logql.requests import Direction
from logql.syntax import parse
from storage.labels import Labels
from tests.oracle import LogRow, OracleError, log_query, metric_instant, metric_range
from tests.storage.entries import Entry

SECOND_NS = 1_000_000_000
BASE_NS = 1_795_168_800 * SECOND_NS
OBJECT = "Value looks like object, but can't find closing '}' symbol"


def lines(labels: dict[str, str], *texts: str) -> list[Entry]:
    return [Entry(Labels(labels), BASE_NS + number, text) for number, text in enumerate(texts)]


def asked(
    entries: Sequence[Entry],
    text: str,
    limit: int = 100,
    direction: Direction = Direction.FORWARD,
    interval_ns: int = 0,
) -> list[LogRow]:
    expr = parse(text)
    assert isinstance(expr, LogQuery)
    return log_query(entries, expr, BASE_NS, BASE_NS + 100 * SECOND_NS, limit, direction, interval_ns)


def found_labels(entries: Sequence[Entry], tail: str) -> list[dict[str, str]]:
    rows = asked(entries, f'{{app=~".+"}} {tail}')
    return [{**row.stream, **row.metadata, **row.parsed} for row in rows]


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        (
            '{"a":1,"b":"x","c":null,"d":[1,2],"e":{"f":true,"g h":"q","":"z"},"h":1.0,"i":1e5,"":"empty",'
            '"0n":"n","k-1":"v","u":"\\u00e9\\n","emp":""}',
            {"a": "1", "b": "x", "e": "z", "e_f": "true", "e_g_h": "q", "h": "1.0", "i": "1e5", "_0n": "n"}
            | {"k_1": "v", "u": "é\n", "emp": ""},
        ),
        (
            '{"a":1,"a":2,"app":"inner","e":{"app":"n2"},"lvl":{"x":1}}',
            {"a": "1", "app_extracted": "inner", "e_app": "n2", "lvl_x": "1"},
        ),
        ('  {"a" : "x\\qy", "b":"😀", "c":"\\ud83d\\ude00","d":"\\ud83d"}', {"a": "", "b": "😀", "c": "😀", "d": ""}),
        (
            '{"a":-5,"b":false,"c":{},"d":{"e":{"f":{"g":"deep"}}},"x_y":"1","x":{"y":"2"}}',
            {"a": "-5", "b": "false", "d_e_f_g": "deep", "x_y": "1"},
        ),
        ('{"a":1} trailing', {"a": "1"}),
        ('{"a":1,}', {"a": "1"}),
        ('{"a":{"0":1}}', {"a_0": "1"}),
    ],
)
def test_json_labels(line: str, labels: dict[str, str]) -> None:
    fixed = {"app": "p1", "lvl": "info"}
    assert found_labels(lines(fixed, line), "| json") == [{**fixed, **labels}]


@pytest.mark.parametrize(
    ("line", "labels", "details"),
    [
        ('{"a":1,"b":', {"a": "1"}, "Malformed JSON error"),
        ("not json", {}, OBJECT),
        ("", {}, OBJECT),
        ('["a",1]', {}, OBJECT),
        ('{"a":1abc,"b":tru}', {"a": "1abc"}, "Unknown value type"),
        ('{"a":1', {"a": "1"}, "Value is array, but can't find closing ']' symbol"),
        ('{"a":"x', {}, "Value is string, but can't find closing '\"' symbol"),
        ('{"a":{"b":1', {}, OBJECT),
        ('{"a":1 "b":2}', {"a": "1"}, OBJECT),
        ('{"\\q":1}', {}, "Encountered an invalid escape sequence in a string"),
    ],
)
def test_json_defects(line: str, labels: dict[str, str], details: str) -> None:
    error = {"__error__": "JSONParserErr", "__error_details__": details}
    assert found_labels(lines({"app": "p1"}, line), "| json") == [{"app": "p1", **labels, **error}]


DOCUMENT = (
    '{"s":"x","n":1.50,"b":true,"z":null,"o":{"k":"v","a":[1,{"q":"r"}]},'
    '"arr":[1,"two",null,{"x":{"y":"deep"}},[7,8]],"k.d":"dot"}'
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("s", "x"),
        ("n", "1.50"),
        ("b", "true"),
        ("z", ""),
        ("o", '{"k":"v","a":[1,{"q":"r"}]}'),
        ("arr", '[1,"two",null,{"x":{"y":"deep"}},[7,8]]'),
        ("o.k", "v"),
        ("o.a[1].q", "r"),
        ("arr[1]", "two"),
        ("arr[3].x.y", "deep"),
        ("arr[4][1]", "8"),
        ("arr[9]", ""),
        ("arr[2]", ""),
        ('[\\"k.d\\"]', "dot"),
        ('o[\\"k\\"]', "v"),
    ],
)
def test_json_expressions(expression: str, value: str) -> None:
    assert found_labels(lines({"app": "p"}, DOCUMENT), f'| json q="{expression}"') == [{"app": "p", "q": value}]


@pytest.mark.parametrize(
    ("line", "flags", "labels", "error"),
    [
        ('foo=1 "bar"=2 zed=3', "", {"foo": "1", "zed": "3"}, ""),
        ('foo=1 "bar"=2 zed=3', "--strict", {"foo": "1"}, "pos 7 : unexpected '\"'"),
        ("foo=a=b zed=3", "", {"zed": "3"}, ""),
        ("foo=a=b zed=3", "--strict", {}, "pos 6 : unexpected '='"),
        ("=x zed=3", "--strict", {}, "pos 1 : unexpected '='"),
        ('foo="bad\\q" zed=3', "", {"zed": "3"}, ""),
        ('foo="bad\\q" zed=3', "--strict", {}, "pos 12 : invalid quoted value"),
        ('foo="unterminated bar=1', "", {}, ""),
        ('foo="unterminated bar=1', "--strict", {}, "pos 24 : unterminated quoted value"),
        ('foo=x"y" zed=3', "--strict", {}, "pos 6 : unexpected '\"'"),
        ("foo='a b' zed=3", "", {"foo": "'a", "zed": "3"}, ""),
        ("foo='a b' zed=3", "--keep-empty", {"foo": "'a", "b_": "", "zed": "3"}, ""),
        ("é=1 k.k=v 1d=5", "--strict", {"_": "1", "k_k": "v", "_1d": "5"}, ""),
        ("a b=c d", "--strict", {"b": "c"}, ""),
        ('foo="a"bar=2', "", {"foo": "a", "bar": "2"}, ""),
        ("foo=1 foo=2", "", {"foo": "1"}, ""),
    ],
)
def test_logfmt(line: str, flags: str, labels: dict[str, str], error: str) -> None:
    slots = {"__error__": "LogfmtParserErr", "__error_details__": f"logfmt syntax error at {error}"} if error else {}
    assert found_labels(lines({"app": "p"}, line), f"| logfmt {flags}") == [{"app": "p", **labels, **slots}]


@pytest.mark.parametrize(
    ("line", "pattern", "labels"),
    [
        ("GET", "<x>bar", {"x": "GET"}),
        ("GET", "<m> <path> <st>", {"m": "GET"}),
        (" GET", "GET <m>", {}),
        ("", "<m>", {}),
        ("GET /a 200", "<m> <_> <st>", {"m": "GET", "st": "200"}),
    ],
)
def test_pattern(line: str, pattern: str, labels: dict[str, str]) -> None:
    assert found_labels(lines({"app": "p"}, line), f'| pattern "{pattern}"') == [{"app": "p", **labels}]


COLLIDING = [
    Entry(
        Labels({"app": "p", "env": "prod"}),
        BASE_NS,
        '{"a":"1","b":"x","env":"inner","lvl":"foobar"}',
        frozenset({("tid", "t1"), ("env", "sm"), ("b", "smb")}),
    ),
    Entry(Labels({"app": "p", "env": "prod"}), BASE_NS + 1, '{"a":"2","b":"y","c":"5s"}', frozenset({("tid", "t2")})),
    Entry(Labels({"app": "p", "env": "prod"}), BASE_NS + 2, '{"a":"bad","c":"bad"}'),
]
PARSED = {
    "a": "1",
    "b": "smb",
    "b_extracted": "x",
    "env": "prod",
    "env_extracted": "inner",
    "lvl": "foobar",
    "tid": "t1",
}


@pytest.mark.parametrize(
    ("tail", "gone", "added"),
    [
        ("| json", "", {}),
        ("| drop env | json", "env", {}),
        ("| json | drop a | json", "a", {}),
        ("| json | label_format z=a", "a", {"z": "1"}),
        ("| json | label_format a=nosuch", "", {}),
        ('| json | keep a, b="x"', "b b_extracted env env_extracted lvl tid app", {}),
        ('| json | drop a="1", b=~"y|z"', "a", {}),
        ('| json | label_format a="{{.b}}", q="{{.a}}"', "", {"a": "smb", "q": "1"}),
        ("| json | label_format a=a", "a", {}),
        ("| json | label_format a=lvl, lvl=a", "a", {"lvl": "foobar"}),
        ('| label_format a="L" | json', "", {"a": "L"}),
    ],
)
def test_collisions_and_order_of_stages(tail: str, gone: str, added: dict[str, str]) -> None:
    kept = {name: text for name, text in {"app": "p", **PARSED}.items() if name not in gone.split()}
    assert found_labels(COLLIDING[:1], tail) == [{**kept, **added}]


@pytest.mark.parametrize(
    ("tail", "rows"),
    [
        ('| json | env="sm"', []),
        ('| env_extracted="sm"', [0]),
        ("| json | a > 1", [1, 2]),
        ('| json | a > 1 | __error__=""', [1]),
        ("| zzz != 1", []),
        ('| zzz != "1"', [0, 1, 2]),
        ("| json | c = 5s", [1, 2]),
        ('| json | __error_details__="x"', []),
        ('|= "foo" or ""', [0, 1, 2]),
    ],
)
def test_filters(tail: str, rows: list[int]) -> None:
    found = asked(COLLIDING, f'{{app="p"}} {tail}')
    assert [row.ts - BASE_NS for row in found] == rows


def test_a_failed_conversion_is_told() -> None:
    labels = found_labels(COLLIDING, "| json | a > 1 | keep a")[1]
    details = 'strconv.ParseFloat: parsing "bad": invalid syntax'
    assert labels == {"a": "bad", "__error__": "LabelFilterErr", "__error_details__": details}


FIVE_LINES = ("GET /a 200", "GET", "  GET /x  200 ", "foo bar baz", "")


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("GET", [1]),
        ("GET <_>", [0, 2]),
        ("<_>GET<_>", [2]),
        ("foo <_> baz", [3]),
        ("foo <_>", [3]),
        ("<_> bar", []),
        ("foo <_> bar <_>", []),
        ("<_>", [0, 1, 2, 3]),
        ("", [4]),
    ],
)
def test_line_patterns(pattern: str, kept: list[int]) -> None:
    rows = asked(lines({"app": "p"}, *FIVE_LINES), f'{{app="p"}} |> "{pattern}"')
    assert [row.ts - BASE_NS for row in rows] == kept


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("v1.2.3.4.5", False),
        ("1.2.3.4:8080", True),
        ("ip=1.2.3.4", True),
        ("1.2.3.400", False),
        ("x 1.2.3.5 1.2.3.4", True),
    ],
)
def test_addresses(line: str, holds: bool) -> None:
    assert len(asked(lines({"app": "p"}, line), '{app="p"} |= ip("1.2.3.4")')) == holds


def numbered() -> Iterator[Entry]:
    for number in range(7):
        line = f"v={number} d={number}s b={number}KB"
        yield Entry(Labels({"app": "m1", "inst": "a"}), BASE_NS + 10 * number * SECOND_NS, line)
    for number in range(4):
        yield Entry(Labels({"app": "m1", "inst": "b"}), BASE_NS + 20 * number * SECOND_NS, f"v={2 * number} d=bad")


SAMPLES = list(numbered())
SPREAD = 1.632993161855452
A, B, NONE = Labels({"inst": "a"}), Labels({"inst": "b"}), Labels()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('avg_over_time({app="m1"} | logfmt | unwrap v [60s]) without (d,b,app)', {A: 3.5, B: 4.0}),
        ('avg_over_time({app="m1"} | logfmt | unwrap v [60s]) by ()', {NONE: 3.6666666666666665}),
        (
            'stddev_over_time({app="m1"} | logfmt | unwrap v [60s]) by (inst)',
            {A: 1.707825127659933, B: SPREAD},
        ),
        ('stdvar_over_time({inst="b"} | logfmt | unwrap v [60s]) by (inst)', {B: 2.6666666666666665}),
        ('quantile_over_time(0.5, {app="m1"} | logfmt | unwrap v [60s]) by ()', {NONE: 4.0}),
        ('quantile_over_time(0.9, {inst="b"} | logfmt | unwrap v [60s]) by ()', {NONE: 5.6000000000000005}),
        ('sum(rate_counter({inst="b"} | logfmt | drop d | unwrap v [60s]))', {NONE: 0.06666676666666667}),
        ('sum by (inst) (max_over_time({app="m1"} | logfmt | unwrap v [60s]) by (app))', {NONE: 6.0}),
        ('stddev(count_over_time({app="m1"}[60s]))', {NONE: 1.5}),
        ('stdvar(count_over_time({app="m1"}[60s]))', {NONE: 2.25}),
        ('avg(count_over_time({app="m1"}[60s]))', {NONE: 4.5}),
        ('sum by (inst) (count_over_time({app="m1"}[60s]) * on() group_left vector(2))', {A: 12.0, B: 6.0}),
        ("vector(1) < on() group_right vector(2)", {NONE: 1.0}),
        ("3 < vector(5)", {NONE: 5.0}),
        ("vector(1) / 0", {NONE: math.nan}),
        ('sum(count_over_time({app="nosuch"}[1m]))', {}),
        ('sum(count_over_time({app="nosuch"}[1m])) or vector(0)', {NONE: 0.0}),
        ('absent_over_time({app="nosuch",x=~"y",z="q"}[1m])', {Labels({"app": "nosuch", "z": "q"}): 1.0}),
        ('absent_over_time({app="a",app="b"}[1m])', {NONE: 1.0}),
    ],
)
def test_instant_answers(text: str, expected: dict[Labels, float]) -> None:
    expr = parse(text)
    assert not isinstance(expr, LogQuery | Variants)
    value = metric_instant(SAMPLES, expr, BASE_NS + 60 * SECOND_NS)
    assert isinstance(value, list)
    assert dict(value) == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "start_s", "end_s", "step_s", "values"),
    [
        ('sum(count_over_time({inst="a"}[20s]))', 0, 60, 10, [1, 2, 2, 2, 2, 2, 2]),
        ('sum(rate({inst="a"}[20s]))', 0, 60, 20, [0.05, 0.1, 0.1, 0.1]),
        ('sum(bytes_over_time({inst="a"} | line_format "1234567" [20s]))', 0, 60, 20, [7, 14, 14, 14]),
        ('sum(count_over_time({app="m1"}[10s])) or vector(0)', 0, 90, 10, [2, 1, 2, 1, 2, 1, 2, 0, 0, 0]),
        ('absent_over_time({app="m1"}[30s])', 0, 120, 30, [1, 1]),
        ("vector(1)", 3, 57, 10, [1] * 7),
    ],
)
def test_range_answers(text: str, start_s: int, end_s: int, step_s: int, values: list[float]) -> None:
    expr = parse(text)
    assert not isinstance(expr, LogQuery | Variants)
    bounds = (BASE_NS + start_s * SECOND_NS, BASE_NS + end_s * SECOND_NS)
    (points,) = metric_range(SAMPLES, expr, *bounds, step_s * SECOND_NS).values()
    assert [value for _, value in points] == pytest.approx(values)


FAULTY = Labels({"__error__": "JSONParserErr"})
NINE_LINES = lines({"app": "p"}, '{"a":"x"}', '{"a":"y"}', '{"a":"x"', '{"b":1}', "no", "", "[1]", '{"a":', "{}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(count_over_time({app='p'} | json [1m]))", {NONE: 9}),
        ("sum(count_over_time({app='p'} | json | __error__!='' [1m]))", {NONE: 5}),
        ("count_over_time({app='p'} | json | __error__='' | keep a [1m])", None),
        ("sum by (a) (count_over_time({app='p'} | json [1m]))", "pipeline"),
        ("sum without (a) (count_over_time({app='p'} | json [1m]))", "pipeline"),
        ("count_over_time({app='p'} | json [1m])", "pipeline"),
        ("count_over_time({app='p'} | json | __error__!='' [1m])", "pipeline"),
        (
            "sum by (__error__) (count_over_time({app='p'} | json [1m]))",
            {NONE: 4, FAULTY: 5},
        ),
        ("sum by (__error__) (count_over_time({app='p'} | app > 5 [1m]))", "pipeline"),
        ("absent_over_time({app='p'} | json [1m])", {}),
        ("absent_over_time({app='p'} | logfmt n='a' | n > 1 [1m])", "pipeline"),
        ("sum(count_over_time({app='p'} |= `a` | json | a='x' [1m]))", {NONE: 2}),
    ],
)
def test_which_errors_arise_in_metric_queries(text: str, expected: dict[Labels, float] | str | None) -> None:
    expr = parse(text.replace("'", '"'))
    assert not isinstance(expr, LogQuery | Variants)
    if isinstance(expected, str):
        with pytest.raises(OracleError, match=expected):
            metric_instant(NINE_LINES, expr, BASE_NS + 30 * SECOND_NS)
        return
    value = metric_instant(NINE_LINES, expr, BASE_NS + 30 * SECOND_NS)
    assert isinstance(value, list)
    assert expected is None or dict(value) == expected


def at(stream: str, second: int, line: str, **metadata: str) -> Entry:
    return Entry(Labels({"app": "l1", "s": stream}), BASE_NS + second * SECOND_NS, line, frozenset(metadata.items()))


SELECTION = [
    *(at("a", 1, "a1"), at("a", 2, "a2"), at("a", 3, "a3"), at("a", 3, "a3-2"), at("a", 3, "a3-0")),
    *(at("b", 1, "b1"), at("b", 1, "b1-2"), at("b", 1, "b1-3"), at("b", 2, "b2"), at("b", 3, "b3")),
    *(at("c", 2, "c2"), at("c", 2, "c2", m="1"), at("c", 2, "c2", m="2")),
]


@pytest.mark.parametrize(
    ("direction", "limit", "interval_s", "expected"),
    [
        (Direction.BACKWARD, 4, 0, ["a3-0", "a3-2", "a3", "b3"]),
        (Direction.BACKWARD, 5, 0, ["a3-0", "a3-2", "a3", "b3", "a2"]),
        (Direction.FORWARD, 2, 0, ["a1", "b1"]),
        (Direction.FORWARD, 5, 0, ["a1", "b1", "b1-2", "b1-3", "a2"]),
        (Direction.FORWARD, 100, 2, ["a1", "a3"]),
        (Direction.BACKWARD, 100, 2, ["a3-0", "a1"]),
    ],
)
def test_selection(direction: Direction, limit: int, interval_s: int, expected: list[str]) -> None:
    rows = asked(SELECTION, '{app="l1"}', limit, direction, interval_s * SECOND_NS)
    assert [row.line for row in rows] == expected


def test_metadata_orders_one_line_at_one_time() -> None:
    sixth = asked(SELECTION, '{app="l1"}', 6, Direction.BACKWARD)[-1]
    assert (sixth.line, dict(sixth.metadata)) == ("c2", {"m": "1"})
