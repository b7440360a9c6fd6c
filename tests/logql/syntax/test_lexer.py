"""Tokens and lexical errors."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from logql.syntax import parse
from logql.syntax.lexer import tokenize

ERRORS = [
    ("{app='foo'}", " at line 1, col 6: invalid char literal"),
    ("{app=''}", " at line 1, col 6: invalid char literal"),
    ("{app='f", " at line 1, col 6: literal not terminated"),
    ('{app="foo"} |= "\\z"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\.a"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\\'"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\x1"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\18"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\400"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\U00110000"', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= "\\xff"', " at line 1, col 16: invalid UTF-8 rune"),
    ('{app="foo"} |= "\\ud800"', " at line 1, col 16: invalid UTF-8 rune"),
    ('{app="foo"} |= "a', " at line 1, col 16: literal not terminated"),
    ('{app="foo"} |= "a\n"', " at line 1, col 16: literal not terminated"),
    ('{app="foo"} |= "a\\', " at line 1, col 16: invalid char escape"),
    ('{app="foo"} |= `a', " at line 1, col 16: literal not terminated"),
    ('{app="foo"} /* a', " at line 1, col 13: comment not terminated"),
    ('rate({app="foo"}[5x])', ' at line 0, col 17: unknown unit "x" in duration "5x"'),
    ('rate({app="foo"}[])', " at line 0, col 17: empty duration string"),
    ('rate({app="foo"}[5m', " at line 0, col 17: missing closing ']' in duration"),
    ('rate({app="a"}[90])', ' at line 0, col 15: not a valid duration string: "90"'),
    ('rate({app="a"}[ 5m])', ' at line 0, col 15: not a valid duration string: " 5m"'),
    ('rate({app="a"}[-5m])', ' at line 0, col 15: not a valid duration string: "-5m"'),
    ('rate({app="a"}[1m1h])', ' at line 0, col 15: not a valid duration string: "1m1h"'),
    ('rate({app="a"}[1.5h])', ' at line 0, col 15: unknown unit "." in duration "1.5h"'),
    ('rate({app="foo"}[5m:1m])', ' at line 0, col 17: unknown unit "m:" in duration "5m:1m"'),
    ('rate({app="foo"}[999y])', " at line 0, col 17: duration out of range"),
    ('{a="b"} | x > 5EB', " at line 1, col 15: exponent has no digits"),
    ("0x + 1", " at line 1, col 1: hexadecimal literal has no digits"),
    ("0x1.8", " at line 1, col 1: hexadecimal mantissa requires a 'p' exponent"),
    ("0o", " at line 1, col 1: octal literal has no digits"),
    ("0b2", " at line 1, col 1: invalid digit '2' in binary literal"),
    ("08", " at line 1, col 1: invalid digit '8' in octal literal"),
    ("1__0", " at line 1, col 1: '_' must separate successive digits"),
    ("1_", " at line 1, col 1: '_' must separate successive digits"),
    ("1 + \0", " at line 1, col 5: invalid character NUL"),
    ('{a="b\0"}', " at line 1, col 4: invalid character NUL"),
    ("1 # \0", " at line 1, col 3: invalid character NUL"),
    ("1 + \ud800", " at line 1, col 5: invalid UTF-8 encoding"),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_a_lexical_error_says_where_its_token_starts(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value) == f"parse error{message}"


def test_a_syntax_error_before_a_lexical_one_wins() -> None:
    with pytest.raises(ParseError, match="unexpected IDENTIFIER"):
        parse("a a '")


TOKENS = [
    ("5m", "DURATION:5m"),
    ("1h30m", "DURATION:1h30m"),
    ("1.5h", "DURATION:1.5h"),
    ("300us 300µs", "DURATION:300us DURATION:300µs"),
    ("1d12h", "DURATION:1d12h"),
    ("-5m", "DURATION:-5m"),
    ("1.5d", "NUMBER:1.5 IDENTIFIER:d"),
    ("5short", "NUMBER:5 IDENTIFIER:short"),
    ("5KB 5.5GiB 1k 0B 7P", "BYTES:5KB BYTES:5.5GiB BYTES:1k BYTES:0B BYTES:7P"),
    ("5kb", "BYTES:5k IDENTIFIER:b"),
    ("5mb", "DURATION:5m IDENTIFIER:b"),
    ("1GBx", "BYTES:1GB IDENTIFIER:x"),
    ("1_000 017 .5 5. 1e3 1e-3", "NUMBER:1_000 NUMBER:017 NUMBER:.5 NUMBER:5. NUMBER:1e3 NUMBER:1e-3"),
    ("0x1F 0b11 0o17", "NUMBER:0x1F NUMBER:0b11 NUMBER:0o17"),
    ("5-0", "NUMBER:5 SUB:- NUMBER:0"),
    ("5 -1", "NUMBER:5 SUB:- NUMBER:1"),
    ("--strict --keep-empty", "FUNCTION_FLAG:--strict FUNCTION_FLAG:--keep-empty"),
    ("--Strict", "SUB:- SUB:- IDENTIFIER:Strict"),
    ("--strict-not", "SUB:- SUB:- IDENTIFIER:strict SUB:- IDENTIFIER:not"),
    ("[5m]", f"RANGE:{300 * 10**9}"),
    ("[0] [0s]", "RANGE:0 RANGE:0"),
    ("JSON | Sum (", "_JSON:JSON _PIPE:| SUM:Sum _LPAR:("),
    ("sum by (", "SUM:sum BY:by _LPAR:("),
    ("sum\tWithout\n(", "SUM:sum WITHOUT:Without _LPAR:("),
    ("sum by app (", "IDENTIFIER:sum BY:by IDENTIFIER:app _LPAR:("),
    ("rate ip duration bytes", "IDENTIFIER:rate IDENTIFIER:ip IDENTIFIER:duration IDENTIFIER:bytes"),
    (
        "bytes( duration( duration_seconds(",
        "BYTES_CONV:bytes _LPAR:( DURATION_CONV:duration _LPAR:( DURATION_SECONDS_CONV:duration_seconds _LPAR:(",
    ),
    ("a_1 é日 _x", "IDENTIFIER:a_1 IDENTIFIER:é日 IDENTIFIER:_x"),
    ("; && 'x'", "IDENTIFIER:; IDENTIFIER:& IDENTIFIER:& IDENTIFIER:'x'"),
    ("a#b\nc//d\n/*e\n*/f", "IDENTIFIER:a IDENTIFIER:c IDENTIFIER:f"),
    ("a /b", "IDENTIFIER:a DIV:/ IDENTIFIER:b"),
    ("\ufeffa", "IDENTIFIER:a"),
    ('"a#b" `c"\n\\d`', 'STRING:a#b STRING:c"\n\\d'),
    (r'"\a\b\f\n\r\t\v\\\"\101\x41\u0041\U0001F600é"', 'STRING:\a\b\f\n\r\t\v\\"AAA\U0001f600é'),
    (r'"\xc3\xa9"', "STRING:é"),
    (
        "|= != |~ !~ |> !> =~ == >= <=",
        "PIPE_EXACT:|= NEQ:!= PIPE_MATCH:|~ NRE:!~ PIPE_PATTERN:|> NPA:!> RE:=~ CMP_EQ:== GTE:>= LTE:<=",
    ),
    ("| =", "_PIPE:| EQ:="),
    (". ] !", "_DOT:. _RBRACKET:] IDENTIFIER:!"),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_text_is_cut_into_tokens(text: str, tokens: str) -> None:
    assert " ".join(f"{token.type}:{token}" for token in tokenize(text)) == tokens


def test_columns_count_characters_and_lines_are_unknown_after_looking_ahead() -> None:
    places = [(token.line, token.column) for token in tokenize('é "ü" |=\n  5m x')]
    assert places == [(1, 1), (1, 3), (0, 7), (0, 3), (2, 6)]
