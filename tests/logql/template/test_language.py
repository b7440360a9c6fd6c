"""What the language does: actions, blocks, variables, fields, printing."""

from __future__ import annotations

import pytest

from logql.template import Template
from tests.logql.template.execution import run

OUTPUTS = [
    ("", ""),
    ("plain } text {", "plain } text {"),
    ("{{.s}}", "hello world"),
    ("{{.missing}}<", "<"),
    ("{{ $.n }}", "42"),
    ('{{index . "s"}}', "hello world"),
    ('{{index . "no such"}}', ""),
    # Trim markers and comments
    ("a {{- .n -}} b", "a42b"),
    ("a \n\t{{- .n }} b", "a42 b"),
    ("a {{ .n -}} \n b", "a 42b"),
    ("{{/* comment */}}x{{- /* c */ -}} y", "xy"),
    ("{{- 3}} {{3 -}} ", "3 3"),
    ("{{-3}}", "-3"),
    ("{{\n.n\n}}", "42"),
    # Literals
    ('{{ "{{" }}', "{{"),
    ('{{ "quoted\\t\\u00e9\\101" }} {{ `raw\\t` }}', "quoted\té" + "A raw\\t"),
    ("{{12}} {{0x10}} {{1_000}} {{017}} {{0b11}} {{-7}} {{+7}}", "12 16 1000 15 3 -7 7"),
    ("{{'x'}} {{'\\n'}} {{'日'}}", "120 10 26085"),
    ("{{true}} {{false}}", "true false"),
    ("{{123456.0}} {{999999.5}} {{1234567.0}} {{1e6}} {{100000000.}}", "123456 999999.5 1.234567e+06 1e+06 1e+08"),
    ("{{1e20}} {{.0001}} {{.00001}} {{1e-10}} {{1e100}} {{-0.0}}", "1e+20 0.0001 1e-05 1e-10 1e+100 -0"),
    ('{{float64 "NaN"}} {{float64 "inf"}} {{float64 "-inf"}}', "NaN +Inf -Inf"),
    ("{{1i}} {{1+2i}}", "(0+1i) (1+2i)"),
    # Pipelines
    ('{{.n | printf "%s-%s" "a"}}', "a-42"),
    ("{{(((.n)))}}", "42"),
    ('{{upper (print "a" (lower "B"))}}', "AB"),
    # Variables
    ("{{$x := .n}}{{$x}}", "42"),
    ("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2"),
    ("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21"),
    ("{{$j := fromJson .j}}{{$j.f}} {{$j.x.y}}", "1.5 [1 a <nil>]"),
    # if, with
    ('{{if and (eq .n "42") (ne .s "x")}}A{{else}}B{{end}}', "A"),
    ("{{if .zz}}a{{else if .n}}b{{else}}c{{end}}", "b"),
    ("{{if .zz}}a{{else if 0}}b{{else}}c{{end}}", "c"),
    ("{{if $v := .n}}{{$v}}{{else}}none{{end}}", "42"),
    ("{{with .n}}<{{.}}>{{end}}", "<42>"),
    ("{{with $v := .n}}{{$v}}{{.}}{{$.s}}{{end}}", "4242hello world"),
    ("{{with .zz}}has{{else}}none{{end}}", "none"),
    ("{{with .zz}}a{{else with .n}}{{.}}{{else}}b{{end}}", "42"),
    ("{{if __timestamp__}}t{{end}}{{if .}}d{{end}}", "td"),
    ('{{if fromJson "[]"}}a{{else}}b{{end}}{{if fromJson "{}"}}a{{else}}b{{end}}', "bb"),
    # range
    ('{{range $i,$v := fromJson "[1,2]"}}{{$i}}={{$v}};{{end}}', "0=1;1=2;"),
    ("{{range 3}}{{.}}{{end}}", "012"),
    ("{{range $v := 2}}{{$v}}{{end}}", "01"),
    ("{{range 0}}x{{else}}none{{end}}", "none"),
    ('{{range fromJson "null"}}x{{else}}none{{end}}', "none"),
    ('{{range $k, $v := fromJson "{\\"b\\":1,\\"a\\":2}"}}{{$k}}{{$v}}{{end}}', "a2b1"),
    ("{{range $k, $v := .}}{{$k}} {{end}}", "f j ml n s u "),
    ("{{range 10}}{{if eq . 3}}{{break}}{{end}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", "02"),
    ("{{range 2}}{{range 9}}{{break}}{{end}}{{.}}{{end}}", "01"),
    ("{{$x := 0}}{{range $x = 3}}{{end}}{{$x}}", "2"),
    # Templates of their own
    ('{{define "T"}}<{{.}}>{{end}}{{template "T" .n}}', "<42>"),
    ('{{block "B" .n}}[{{.}}]{{end}}', "[42]"),
    ('{{define "T"}}{{.}}{{end}}{{template "T"}}', "<no value>"),
    ('{{define "T"}}{{$}}{{end}}{{template "T" 7}}', "7"),
    ('{{define "line"}}own{{end}}', "own"),
    # Members and methods
    ("{{(fromJson .j).x.y}} {{(fromJson .j).n}} {{(fromJson .j).none}}", "[1 a <nil>] <no value> <no value>"),
    ('{{(fromJson "bad").x}}', "<no value>"),
    ("{{__timestamp__.Unix}} {{__timestamp__.Month}} {{__timestamp__.Weekday.String}}", "1795366201 November Sunday"),
    ('{{__timestamp__.UTC.Format "15:04"}}', "16:50"),
    ('{{"15:04" | __timestamp__.UTC.Format}}', "16:50"),
    # Printing
    ("{{fromJson .j}}", "map[f:1.5 n:<nil> x:map[y:[1 a <nil>]]]"),
    ("{{__timestamp__.UTC}}", "2026-11-22 16:50:01.123456789 +0000 UTC"),
    ('{{fromJson "12345678901234567890"}}', "1.2345678901234567e+19"),
    ("{{__line__}}", "the line"),
]


@pytest.mark.parametrize(("text", "output"), OUTPUTS)
def test_templates_print(text: str, output: str) -> None:
    assert run(text) == output


def test_the_whole_dot_is_the_map_of_labels() -> None:
    assert Template.parse("{{.}} {{len .}} {{$}}", "line").execute({"b": "1", "a": ""}, "", 0) == (
        "map[a: b:1] 2 map[a: b:1]"
    )


def test_cut_characters_become_replacement_characters() -> None:
    assert run("{{trunc 4 .u}}") == "日\ufffd"
    assert run("{{trunc 4 .u}}{{slice .u 4 6}}") == "日本"
    assert run('{{"\\xff"}}') == "\ufffd"
