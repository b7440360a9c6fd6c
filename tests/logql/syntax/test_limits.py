"""No text, however deep, long or broken, does anything but parse or fail with a QueryError, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logql.errors import ParseError, QueryError
from logql.limits import MAX_QUERY_BYTES
from logql.syntax import parse, validate
from logql.syntax.parser import MAX_TREE_DEPTH
from tests.logql.ast.strategies import expressions

TOO_MUCH = [
    ("(" * 10_000 + "1" + ")" * 10_000, "nests too deeply"),
    ("sum(" * 10_000, "nests too deeply"),
    ("sum(" * 900 + "1" + ")" * 900, "nests too deeply"),
    ('{a="b"} | ' + "(" * 10_000, "nests too deeply"),
    ('{a="b"} | ' + "a>1 , " * 3_000 + "a>1", "nests too deeply"),
    ("vector(1)" + " + vector(1)" * 2_000, "nests too deeply"),
    ("vector(1)" + " ^ vector(1)" * 2_000, "nests too deeply"),
    ("1" * MAX_QUERY_BYTES, f"parse error : input size too long ({MAX_QUERY_BYTES} > {MAX_QUERY_BYTES})"),
    ("é" * (MAX_QUERY_BYTES // 2), "input size too long"),
    ("{" * 1_000_000, "parse error : input size too long (1000000 > 131072)"),
    ("1" * (MAX_QUERY_BYTES - 1), "value out of range"),
    ("1" * 100_000 + "h", "value out of range"),
    ("1." * 60_000, "syntax error"),
    ("1" + " + 1" * 10_000, "the query is too long (more than 16384 words and symbols)"),
    ('{a="b"}' + ' |= "x"' * 9_000, "the query is too long"),
    ('{a="b"} | regexp `' + "(?P<a>.)" * 257 + "`", "invalid regexp parser: too many named captures: 257"),
    ('{a="b"} | pattern `' + " ".join(f"<a{i}>" for i in range(257)) + "`", "too many captures: 257, limit: 256"),
    ('{a="b"} | json ' + ",".join(f'a{i}="b"' for i in range(257)), "too many labels for one parser: 257"),
    ('{a="b"} | logfmt ' + ",".join(f'a{i}="b"' for i in range(257)), "too many labels for one parser: 257"),
    ("{a=~`" + "(" * 100_000 + "`}", "error parsing regexp"),
]


@pytest.mark.parametrize(("text", "message"), TOO_MUCH)
def test_what_is_too_much_fails_clearly_and_soon(text: str, message: str) -> None:
    parse("1")  # the grammar is built only once
    started_s = time.monotonic()
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert message in str(caught.value)
    assert time.monotonic() - started_s < 5  # far above what is needed, for slow machines


ACCEPTED = [
    "(" * 900 + "1" + ")" * 900,
    '{a="b"}' + " | json" * 5_000,
    '{a="b"}' + ' |= "x"' * 5_000,
    '{a="b"} | ' + 'a="b" or ' * 2_000 + 'c="d"',
    '{a="b"} | ' + 'a="b" and ' * 2_000 + 'c="d"',
    '{a="b"} | ' + "(" * 900 + 'a="b"' + ")" * 900,
    "1" + " + 1" * 8_000,
    "rate(" + "(" * 900 + '{a="b"}[5m]' + ")" * 900 + ")",
    "sum(" * (MAX_TREE_DEPTH - 1) + "vector(1)" + ")" * (MAX_TREE_DEPTH - 1),
    "vector(1)" + " + vector(1)" * (MAX_TREE_DEPTH - 1),
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_long_and_deep_queries_parse_print_and_validate(text: str) -> None:
    expr = parse(text)
    validate(expr)
    assert parse(str(expr)) == expr
    assert hash(expr) == hash(parse(text))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.binary().map(lambda data: data.decode("latin-1"))))
@example("\ud800")
@example('{a="\ud800"}')
@example("[\ud800]")
def test_any_text_parses_or_fails_with_a_query_error(text: str) -> None:
    _parse(text)


_WORDS = (
    '{a="b"} { } ( ) [5m] , . = == != =~ !~ |= |~ |> !> | + - * / % ^ or and unless by without on ignoring group_left',
    "bool offset json logfmt regexp pattern unpack unwrap line_format label_format drop keep decolorize variants of",
    'sum( rate( topk( vector( label_replace( ip( bytes( duration( count_over_time( "x" `y` 1 0x1 .5 5m 5KB -5s a rate',
    "--strict --keep-empty sum # /* // ' \" \\ é ; 1e999 quantile_over_time( sort(",
)


_words = st.sampled_from([word for line in _WORDS for word in line.split()])


@settings(max_examples=400, deadline=None)
@given(st.lists(_words, max_size=14).map(" ".join))
def test_any_words_parse_or_fail_with_a_query_error(text: str) -> None:
    _parse(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_query_parses_or_fails_with_a_query_error(data: st.DataObject) -> None:
    text = str(data.draw(expressions))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    inserted = data.draw(st.one_of(st.text(max_size=3), _words))
    _parse(text[:start] + inserted + text[end:])


def _parse(text: str) -> None:
    try:
        expr = parse(text)
    except QueryError:
        return
    assert parse(str(expr)) == expr
