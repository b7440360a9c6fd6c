"""The small languages inside string literals: JSON paths, logfmt keys, patterns, addresses."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from logql.syntax.ip_pattern import IpPattern
from logql.syntax.json_expression import parse_json_expression
from logql.syntax.logfmt_expression import parse_logfmt_expression
from logql.syntax.pattern_expression import Capture, PatternExpression

JSON_PATHS: list[tuple[str, tuple[str | int, ...]]] = [
    ("a", ("a",)),
    ("o.a[1].q", ("o", "a", 1, "q")),
    ("arr[4][01]", ("arr", 4, 1)),
    ('["k.d"]', ("k.d",)),
    ('o["k d"].x', ("o", "k d", "x")),
    (' a . b [ 0 ] [ "c" ] ', ("a", "b", 0, "c")),
    ("[1].a", (1, "a")),
]


@pytest.mark.parametrize(("text", "path"), JSON_PATHS)
def test_json_paths_are_read(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_json_expression(text) == path


JSON_ERRORS = [
    ("b[", "syntax error: unexpected $end, expecting STRING or INDEX"),
    ("b[a]", "syntax error: unexpected FIELD, expecting STRING or INDEX"),
    ("b[1", "syntax error: unexpected $end, expecting STRING or INDEX"),
    ("b[1 ", "syntax error: unexpected $end, expecting RSB"),
    ("1", "syntax error: unexpected $end, expecting LSB or FIELD"),
    ("1 a", "syntax error: unexpected INDEX, expecting LSB or FIELD"),
    ("", "syntax error: unexpected $end, expecting LSB or FIELD"),
    (".a", "syntax error: unexpected DOT, expecting LSB or FIELD"),
    ("1a", "syntax error: unexpected $end, expecting LSB or FIELD"),
    ("é", "syntax error: unexpected $end, expecting LSB or FIELD"),
    ("a b", "syntax error: unexpected FIELD"),
    ("a]", "syntax error: unexpected RSB"),
    ("a.", "syntax error: unexpected $end, expecting FIELD"),
    ("a..b", "syntax error: unexpected DOT, expecting FIELD"),
    ("a-b", "unexpected char -"),
    ("a[-1]", "syntax error: unexpected $end, expecting STRING or INDEX"),
    ("a['b']", "syntax error: unexpected $end, expecting STRING or INDEX"),
    ("a.*", "syntax error: unexpected $end, expecting FIELD"),
]


@pytest.mark.parametrize(("text", "message"), JSON_ERRORS)
def test_broken_json_paths_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="cannot parse") as caught:
        parse_json_expression(text)
    assert str(caught.value) == f"cannot parse expression [{text}]: {message}"


def test_logfmt_keys_are_read() -> None:
    assert [parse_logfmt_expression(text) for text in ("foo", ' "k.d e" ', "_a1", '"open')] == [
        *("foo", "k.d e", "_a1", "open")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "syntax error: unexpected $end, expecting STRING or KEY"),
        ("b c", "syntax error: unexpected KEY"),
        ('b "c"', "syntax error: unexpected STRING"),
        ("dotted.key", "unexpected char ."),
        ("weird-key", "unexpected char -"),
        ("é", "syntax error: unexpected $end, expecting STRING or KEY"),
        ("aé", "unexpected char é"),
    ],
)
def test_broken_logfmt_keys_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="cannot parse") as caught:
        parse_logfmt_expression(text)
    assert str(caught.value) == f"cannot parse expression [{text}]: {message}"


def test_patterns_are_cut_into_literals_and_captures() -> None:
    parsed = PatternExpression.for_parser('<ip> - <_> "<m_1>" <5 <>')
    assert parsed.items == (Capture("ip"), " - ", Capture("_"), ' "', Capture("m_1"), '" <5 <>')
    assert PatternExpression.for_line_filter("").items == ()
    assert PatternExpression.for_line_filter("<_>x").items == (Capture("_"), "x")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.2", "::1"]),
        ("10.1.2.3/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "::a00:0"]),
        ("10.0.0.5-10.0.0.7", ["10.0.0.5", "10.0.0.7"], ["10.0.0.4", "10.0.0.8"]),
        ("fe80::/10", ["fe80::1"], ["::1", "254.128.0.1"]),
    ],
)
def test_an_ip_pattern_is_an_interval(text: str, inside: list[str], outside: list[str]) -> None:
    pattern = IpPattern.parse(text)
    assert [address for address in inside + outside if pattern.contains(ip_address(address))] == inside


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "999.1.1.1", "1.2.3.4/33", "1.2.3.4-", "1.2.3.5-1.2.3.4", "::1-1.2.3.4", "a-b", "01.2.3.4"]
)
def test_broken_ip_patterns_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ip: invalid pattern"):
        IpPattern.parse(text)
