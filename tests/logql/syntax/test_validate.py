"""Stages that parse and print, but cannot run."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from logql.syntax import parse, validate

_JSON = "stage '| json a=%s' : cannot parse expression [%s]: "

BROKEN = [
    ('|~ "("', "stage '|~ \"(\"' : error parsing regexp: missing closing ): `(`"),
    ('|= "a" | json !~ "("', 'stage \'|= "a" !~ "("\' : error parsing regexp: missing closing ): `(`'),
    ('|= "a" | a="b" |~ "("', "stage '|~ \"(\"' : error parsing regexp: missing closing ): `(`"),
    ('|> "<foo> bar"', "stage '|> \"<foo> bar\"' : named captures are not allowed: found '<foo>'"),
    ('!> "<_><_>"', "stage '!> \"<_><_>\"' : found consecutive capture '<_><_>': invalid expression"),
    ('|= ip("1.2.3")', 'stage \'|= ip("1.2.3")\' : ip: invalid pattern: "1.2.3"'),
    ('!= "x" or ip("1.2.3.4/33")', 'stage \'!= "x" != ip("1.2.3.4/33")\' : ip: invalid pattern: "1.2.3.4/33"'),
    ('|~ ip("1.2.3.4")', "stage '|~ ip(\"1.2.3.4\")' : ip: invalid operation"),
    ('| addr=ip("1.2.3")', 'stage \'| addr=ip("1.2.3")\' : ip: invalid pattern: "1.2.3"'),
    (
        '| a="b" or c!=ip("::1-1.2.3.4")',
        'stage \'| ( a="b" or c!=ip("::1-1.2.3.4") )\' : ip: invalid pattern: "::1-1.2.3.4"',
    ),
    ('| ip=ip("1.2.3.4-1.2.3.3")', 'stage \'| ip=ip("1.2.3.4-1.2.3.3")\' : ip: invalid pattern: "1.2.3.4-1.2.3.3"'),
    ('| json a="b["', _JSON % ('"b["', "b[") + "syntax error: unexpected $end, expecting STRING or INDEX"),
    ('| json a=""', _JSON % ('""', "") + "syntax error: unexpected $end, expecting LSB or FIELD"),
    ('| json a="a b"', _JSON % ('"a b"', "a b") + "syntax error: unexpected FIELD"),
    ('| json a="a."', _JSON % ('"a."', "a.") + "syntax error: unexpected $end, expecting FIELD"),
    ('| json a="a..b"', _JSON % ('"a..b"', "a..b") + "syntax error: unexpected DOT, expecting FIELD"),
    ('| json a="a-b"', _JSON % ('"a-b"', "a-b") + "unexpected char -"),
    (
        '| json x="y", a="a["',
        'stage \'| json x="y",a="a["\' : cannot parse expression [a[]: '
        "syntax error: unexpected $end, expecting STRING or INDEX",
    ),
    (
        '| logfmt a="b c"',
        "stage '| logfmt a=\"b c\"' : cannot parse expression [b c]: syntax error: unexpected KEY",
    ),
    (
        '| logfmt a=""',
        "stage '| logfmt a=\"\"' : cannot parse expression []: syntax error: unexpected $end, expecting STRING or KEY",
    ),
    (
        '| logfmt a="a", dk="dotted.key"',
        'stage \'| logfmt a="a",dk="dotted.key"\' : cannot parse expression [dotted.key]: unexpected char .',
    ),
    ('| label_format __error__="x"', "stage '| label_format __error__=\"x\"' : __error__ cannot be formatted"),
    (
        '| label_format a="x",a="y"',
        "stage '| label_format a=\"x\",a=\"y\"' : multiple label name 'a' not allowed in a single format operation",
    ),
]


@pytest.mark.parametrize(("pipeline", "message"), BROKEN)
def test_a_stage_that_cannot_run_is_quoted(pipeline: str, message: str) -> None:
    expr = parse(f'{{app="foo"}} {pipeline}')
    with pytest.raises(ParseError) as caught:
        validate(expr)
    assert str(caught.value) == f"parse error : {message}"


@pytest.mark.parametrize(
    "text",
    [
        'sum(rate({app="foo"} |~ "(" [5m]))',
        'sum_over_time({app="foo"} | unwrap x | y=ip("z") [5m])',
        'vector(1) + label_replace(rate({app="foo"}[5m] | json a="["), "a", "b", "c", "d")',
        'variants(rate({app="foo"}[5m])) of ({app="foo"} |~ "(" [5m])',
    ],
)
def test_stages_of_inner_queries_are_checked(text: str) -> None:
    with pytest.raises(ParseError, match="stage '"):
        validate(parse(text))


SOUND = [
    '|~ "a.*(b|c)" !~ "x"',
    '|> "<_> GET <foo" != ip("10.0.0.0/8") |= ip("::1") or ip("1.1.1.1-1.1.1.9") or "x"',
    '| json a="o.k[0][\\"x y\\"]", b="[1].c", c | logfmt d="\\"k.d\\"", e',
    '| a=ip("fe80::/10") or b>1 | label_format a=b,b="{{.a}}"',
]


@pytest.mark.parametrize("pipeline", SOUND)
def test_sound_stages_pass(pipeline: str) -> None:
    validate(parse(f'{{app="foo"}} {pipeline}'))
