"""Each function, on ordinary and odd arguments."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.template import Template
from logql.template.functions.registry import FUNCTION_NAMES
from tests.logql.template.execution import run

STRINGS = [
    ('{{lower "ÀÉ İΣ"}} {{ToLower "AB"}}', "àé iσ ab"),
    ('{{upper "straße ŉ ǆ"}} {{ToUpper "ab"}}', "STRAßE ŉ Ǆ AB"),
    ('{{title "hello WORLD foo-bar don\'t _x 1a é"}}', "Hello WORLD Foo-Bar Don'T _x 1a É"),
    ('{{trim " \\t a \\n"}}|{{TrimSpace "\\u00a0a\\u2003"}}|', "a|a|"),
    ('{{trim "\\x1ca"}}', "\x1ca"),
    ('{{trimAll "$x" "$5x$"}} {{Trim "$5x$" "$x"}} {{Trim "a" ""}}', "5 5 a"),
    ('{{TrimLeft "xxaxx" "x"}} {{TrimRight "xxaxx" "x"}}', "axx xxa"),
    (
        '{{trimPrefix "a" "aab"}} {{trimSuffix "b" "abb"}} {{TrimPrefix "aab" "a"}} {{TrimSuffix "abb" "b"}}',
        "ab ab ab ab",
    ),
    ('{{.s | replace "l" "L"}}', "heLLo worLd"),
    ('{{replace "" "-" "abc"}}', "-a-b-c-"),
    (
        '{{Replace .s "l" "L" 1}} {{Replace .s "l" "L" -1}} {{Replace .s "l" "L" 0}}',
        "heLlo world heLLo worLd hello world",
    ),
    (
        "{{trunc 3 .s}}|{{trunc -3 .s}}|{{trunc 99 .s}}|{{trunc -99 .s}}|{{trunc 0 .s}}",
        "hel|rld|hello world|hello world|",
    ),
    ("{{trunc 3 .u}} {{trunc -3 .u}}", "日 語"),
    (
        "{{substr -1 3 .s}} {{substr 6 -1 .s}} {{substr 6 99 .s}} {{substr 1 3 .s}}|{{substr 2 2 .s}}|",
        "hel world world el||",
    ),
    ('{{repeat 3 "ab"}}|{{repeat 0 "ab"}}|', "ababab||"),
    ("{{indent 2 .ml}}|{{nindent 1 .ml}}|{{indent 0 .ml}}", "  l1\n  l2|\n l1\n l2|l1\nl2"),
    ("{{alignLeft 2 .u}}|{{alignLeft 5 .u}}|{{alignLeft -1 .u}}|{{alignLeft 0 .u}}|", "日本|日本語  |日本語||"),
    ("{{alignRight 2 .u}}|{{alignRight 5 .u}}|{{alignRight -1 .u}}|{{alignRight 0 .u}}|", "本語|  日本語|日本語||"),
    ('{{contains "lo" .s}} {{hasPrefix "he" .s}} {{hasSuffix "he" .s}} {{contains .s "lo"}}', "true true false false"),
]  # fmt: skip

NUMBERS = [
    ('{{int 12.9}} {{int "12.9"}} {{int -12.9}} {{int "-12.9"}} {{int "+5"}}', "12 12 -12 -12 5"),
    ('{{int "017"}} {{int "0x1F"}} {{int "1_000"}} {{int "08"}}', "15 31 1000 0"),
    ('{{int "1e3"}} {{int "abc"}} {{int ""}} {{int "."}} {{int ".5"}} {{int nil}} {{int .}}', "0 0 0 0 0 0 0"),
    ('{{int true}} {{int "99999999999999999999"}} {{int (float64 "nan")}}', "1 0 -9223372036854775808"),
    (
        '{{float64 "2.5"}} {{float64 "x"}} {{float64 true}} {{float64 nil}} {{float64 "1e400"}} {{float64 7}}',
        "2.5 0 1 0 0 7",
    ),
    ('{{add "1.9" 1}} {{add}} {{add 1 2 3 4}} {{add 9223372036854775807 1}}', "2 0 10 -9223372036854775808"),
    ("{{sub 5 3}} {{mul 2 3 4}} {{mul 3}} {{mul 4611686018427387904 2 3}}", "2 24 3 -9223372036854775808"),
    ("{{div -7 2}} {{div 7 2}} {{div 7 -2}} {{mod -7 3}} {{mod 7 -3}} {{mod 7 3}}", "-3 3 -3 -1 1 1"),
    ("{{div -9223372036854775808 -1}}", "-9223372036854775808"),
    ('{{max 1 5 3}} {{min 4 2 8}} {{max "7"}} {{min "x" 3}}', "5 2 7 0"),
    ("{{maxf 1.5 2.5}} {{minf 1.5 0.5}} {{maxf 1}}", "2.5 0.5 1"),
    ('{{maxf 1 "nan" 3}}', "NaN"),
    ("{{addf 0.1 0.2}} {{addf}} {{subf 1 0.9}} {{subf 3 1 1}} {{mulf 1.1 1.1}} {{mulf 2}}", "0.3 0 0.1 1 1.21 2"),
    (
        "{{divf 10 3}} {{divf 1 8}} {{divf -2 3}} {{divf 1e-300 1}} {{divf 8 2 2}}",
        "3.3333333333333335 0.125 -0.6666666666666667 0 2",
    ),
    ("{{mulf 1e308 1e308}} {{mulf -1 0}}", "+Inf 0"),
    ('{{ceil 1.2}} {{floor 1.8}} {{ceil -1.2}} {{floor -1.2}} {{ceil "1.5"}} {{ceil -0.5}}', "2 1 -1 -2 2 -0"),
    ("{{round 1.256 2}} {{round 2.5 0}} {{round -2.5 0}} {{round 1234.5678 -2}}", "1.26 3 -3 1200"),
    ('{{round 123.88571428571 5 .2}} {{round "inf" 2}} {{round 1 400}}', "123.88572 +Inf NaN"),
    ('{{bytes "5 MiB"}} {{bytes "12kB"}} {{bytes "1,000"}} {{.n | bytes}}', "5.24288e+06 12000 1000 42"),
    ('{{duration "1m30s"}} {{duration_seconds "250ms"}} {{duration "-1.5s"}}', "90 0.25 -1.5"),
]  # fmt: skip

REGEXES = [
    ('{{regexReplaceAll "l" "hello" "$x"}}', "heo"),
    ('{{regexReplaceAll "(?P<q>h)(z)?" .s "<${q}$1$q$2$$$9${1}x$1x>"}}', "<hhh$hx>ello world"),
    ('{{regexReplaceAll "(h)" .s "$ ${"}}', "$ ${ello world"),
    ('{{regexReplaceAllLiteral "(l)" .s "$1"}}', "he$1$1o wor$1d"),
    ('{{regexReplaceAll "a*" "baaac" "x"}} {{regexReplaceAll "" .u "-"}}', "xbxcx -日-本-語-"),
    ('{{count "l" .s}} {{count "" .u}} {{count "a*" "baaac"}} {{count "x" .s}}', "3 4 3 0"),
    ('{{"a.b" | regexReplaceAll "\\\\." "c"}}', "c"),
]  # fmt: skip

ENCODINGS = [
    ('{{b64enc "error"}} {{b64dec "aGVsbG8="}} {{b64enc ""}}{{b64dec ""}}', "ZXJyb3I= hello "),
    ('{{b64dec "aGVs\\nbG8="}} {{b64dec "@@"}}', "hello illegal base64 data at input byte 0"),
    (
        '{{b64dec "aGVsbG8"}} {{b64dec "aGVsbG8=x"}}',
        "illegal base64 data at input byte 4 illegal base64 data at input byte 8",
    ),
    ('{{b64dec "a==="}} {{b64dec "aG=a"}}', "illegal base64 data at input byte 1 illegal base64 data at input byte 3"),
    ('{{urlencode "a b&c=d/é~"}} {{urldecode "a%20b+c%C3%A9"}}', "a+b%26c%3Dd%2F%C3%A9~ a b cé"),
    (
        '{{fromJson "bad"}} {{fromJson "1 2"}} {{fromJson "NaN"}} {{fromJson ""}}',
        "<no value> <no value> <no value> <no value>",
    ),
    ('{{fromJson "1e400"}} {{fromJson "3"}} {{fromJson "true"}} {{fromJson " \\"a\\" "}}', "<no value> 3 true a"),
    ('{{fromJson "[\\"\\\\ud83d\\\\ude00\\",\\"\\\\ud800\\"]"}}', "[😀 \ufffd]"),
    ("{{html nil 1}}", "&lt;no value&gt;1"),
    ("{{js nil}}", "\\u003Cno value\\u003E"),
    ("{{urlquery nil}}", "%3Cno+value%3E"),
    ('{{html "<a href=\'x\'>&\\"" 1 2}}', "&lt;a href=&#39;x&#39;&gt;&amp;&#34;1 2"),
    ('{{js "a\'b<\\n日\\"\\\\=\\u200b"}}', "a\\'b\\u003C\\u000A日\\\"\\\\\\u003D\\u200B"),
    ('{{urlquery "a b" "c"}}', "a+bc"),
]  # fmt: skip

COMPARISONS = [
    ('{{eq .n "1" "42"}} {{eq 1 2}} {{ne .s "x"}} {{eq nil nil}} {{eq .s nil}}', "true false true true false"),
    ('{{lt "42" "5"}} {{lt 1 2}} {{le 2 2}} {{gt (int .n) 41}} {{ge 1 2}}', "true true true true false"),
    ("{{eq (add 1 1) 2}} {{lt (index .s 0) 105}} {{eq 1.5 1.5}}", "true true true"),
    ("{{eq __timestamp__ __timestamp__}}", "true"),
    ('{{not ""}} {{not 1}} {{and 1 0 2}} {{or 0 "" "x"}} {{and 1 2}} {{or 0 ""}}|', "true false 0 x 2 |"),
    ("{{1 | and 2}} {{0 | or 0}}", "1 0"),
    (
        '{{default "d" .zz}} {{default "d" .n}} {{.zz | default "d"}} {{default "d" false}} {{default "d"}}',
        "d 42 d d d",
    ),
    ('{{default "d" 0}} {{default "d" (fromJson "[]")}} {{default "d" nil}}', "d d d"),
]

COLLECTIONS = [
    ("{{len .u}} {{len .s}} {{len (fromJson .j)}} {{len (fromJson .j).x.y}}", "9 11 3 3"),
    ('{{index .s 0}} {{index (fromJson "[1,2,3]") 1}} {{index (fromJson .j) "x" "y" 1}}', "104 2 a"),
    ('{{index (fromJson .j) "none"}} {{index .s}}', "<no value> hello world"),
    ("{{slice .s 1 3}} {{slice .s 6}} {{slice .s}} {{slice .u 3 6}}", "el world hello world 本"),
    ('{{slice (fromJson "[1,2,3]") 1}} {{slice (fromJson "[1,2,3]") 0 1 2}}|{{slice .s 11}}|', "[2 3] [1]||"),
]  # fmt: skip

PRINTS = [
    ('{{print 1 "a" 2 3 "b"}} {{print}}|{{print nil nil}} {{print 1 2 true}}', "1a2 3b |<nil> <nil> 1 2 true"),
    ('{{println "x" 1}}end{{println}}', "x 1\nend\n"),
]


@pytest.mark.parametrize(
    ("text", "output"), [*STRINGS, *NUMBERS, *REGEXES, *ENCODINGS, *COMPARISONS, *COLLECTIONS, *PRINTS]
)
def test_functions_answer(text: str, output: str) -> None:
    assert run(text) == output


def test_every_function_is_tried() -> None:
    """Here or with the moments."""
    tables = (STRINGS, NUMBERS, REGEXES, ENCODINGS, COMPARISONS, COLLECTIONS, PRINTS)
    tried = " ".join(text for table in tables for text, _ in table)
    elsewhere = {"__line__", "call", "printf", "date", "now", "toDate", "toDateInZone"}
    elsewhere |= {"unixEpoch", "unixEpochMillis", "unixEpochNanos", "unixToTime"}
    assert {name for name in FUNCTION_NAMES if name not in tried} == elsewhere


def apply(text: str, value: str) -> str:
    return Template.parse(text, "line").execute({"v": value}, "", 0)


@settings(deadline=None)
@given(st.text())
def test_encodings_can_be_undone(value: str) -> None:
    assert apply("{{.v | b64enc | b64dec}}", value) == value
    assert apply("{{.v | urlencode | urldecode}}", value) == value
    assert apply("{{b64enc .v}}", value) == base64.b64encode(value.encode()).decode()
    assert apply("{{urlencode .v}}", value) == quote_plus(value.encode())
    assert apply("{{fromJson .v}}", json.dumps(value)) == value


@settings(deadline=None)
@given(st.text(), st.integers(-20, 20))
def test_cut_and_rest_make_the_whole(value: str, count: int) -> None:
    text = f"{{{{trunc {abs(count)} .v}}}}{{{{substr {abs(count)} -1 .v}}}}"
    if abs(count) <= len(value.encode()):
        assert apply(text, value) == value


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_sums_wrap_and_division_fits_its_rest(one: int, other: int) -> None:
    total = int(apply(f"{{{{add {one} {other}}}}}", ""))
    assert (total - one - other) % 2**64 == 0
    assert -(2**63) <= total < 2**63
    if other not in (0, -1):
        quotient = int(apply(f"{{{{div {one} {other}}}}}", ""))
        assert quotient * other + int(apply(f"{{{{mod {one} {other}}}}}", "")) == one
