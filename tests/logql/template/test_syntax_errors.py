"""Templates that are refused, and with which words."""

from __future__ import annotations

import pytest

from logql.template import Template, TemplateSyntaxError

REFUSED = [
    ("{{.foo", "unclosed action"),
    ("{{", "unclosed action"),
    ("{{ .level }", 'unexpected "}" in operand'),
    ("{{.level}", "bad character U+007D '}'"),
    ("{{randomUnknown 1}}", 'function "randomUnknown" not defined'),
    ('{{.s | split " "}}', 'function "split" not defined'),
    ("{{quote .s}}", 'function "quote" not defined'),
    ("{{end}}", "unexpected {{end}}"),
    ("{{else}}", "unexpected {{else}}"),
    ("{{if true}}", "unexpected EOF"),
    ("{{range .s}}x", "unexpected EOF"),
    ("{{if}}x{{end}}", "missing value for if"),
    ("{{with}}x{{end}}", "missing value for with"),
    ("{{range}}x{{end}}", "missing value for range"),
    ("{{}}", "missing value for command"),
    ("{{()}}", "missing value for parenthesized pipeline"),
    ("{{$x}}", 'undefined variable "$x"'),
    ("{{if 1}}{{$x := 1}}{{end}}{{$x}}", 'undefined variable "$x"'),
    ('{{$x := 1}}{{define "t"}}{{$x}}{{end}}', 'undefined variable "$x"'),
    ("{{break}}", "{{break}} outside {{range}}"),
    ("{{continue}}", "{{continue}} outside {{range}}"),
    ("{{range 1}}{{else}}{{break}}{{end}}", "{{break}} outside {{range}}"),
    ("{{range 1}}{{break 1}}{{end}}", 'unexpected "1" in {{break}}'),
    ('{{"abc}}', "unterminated quoted string"),
    ("{{`abc}}", "unterminated raw quoted string"),
    ("{{'a}}", "unterminated character constant"),
    ("{{'ab'}}", "malformed character constant: 'ab'"),
    ("{{''}}", "invalid syntax"),
    ('{{"\\z"}}', "invalid syntax"),
    ('{{"\\ud800"}}', "invalid syntax"),
    ('{{"\\777"}}', "invalid syntax"),
    ("{{3a}}", 'bad number syntax: "3a"'),
    ("{{1+2}}", 'bad number syntax: "1+2"'),
    ("{{99999999999999999999}}", 'integer overflow: "99999999999999999999"'),
    ("{{1e400}}", 'illegal number syntax: "1e400"'),
    ("{{0_}}", 'illegal number syntax: "0_"'),
    ("{{/* c }}", "unclosed comment"),
    ("{{/* c */ x}}", "comment ends before closing delimiter"),
    ("{{(1}}", "unclosed left paren"),
    ("{{1)}}", "unexpected right paren"),
    ("{{.s ; .n}}", 'unexpected ";" in operand'),
    ("{{a:b}}", 'function "a" not defined'),
    ("{{:b}}", "expected :="),
    ("{{$a :b}}", 'undefined variable "$a"'),
    ("{{\x01}}", "unrecognized character in action: U+0001"),
    ("{{1 | 2}}", "non executable command in pipeline stage 2"),
    ("{{.s | .}}", "non executable command in pipeline stage 2"),
    ("{{|}}", 'unexpected "|" in command'),
    ("{{1.a}}", 'bad number syntax: "1.a"'),
    ('{{"a".b}}', 'unexpected . after term "\\"a\\""'),
    ("{{true.a}}", 'unexpected . after term "true"'),
    ("{{nil.a}}", 'unexpected . after term "nil"'),
    ("{{$x, $y := 1}}", "too many declarations in command"),
    ("{{range $x, $y, $z := .}}{{end}}", "too many declarations in range"),
    ("{{range $x, 1 := .}}{{end}}", "range can only initialize variables"),
    ("{{template}}", 'unexpected "}}" in template clause'),
    ("{{template .s}}", 'unexpected ".s" in template clause'),
    ('{{define "a"}}x', "unexpected EOF"),
    ('{{define "a"}}x{{else}}{{end}}', "unexpected {{else}} in define clause"),
    ('{{define "a"}}1{{end}}{{define "a"}}2{{end}}', 'template: multiple definition of template "a"'),
    ('{{if 1}}{{define "a"}}{{end}}{{end}}', "unexpected <define> in command"),
    ('{{block "a"}}{{end}}', "missing value for block clause"),
    ("{{if 1}}{{else}}{{else}}{{end}}", "expected end; found {{else}}"),
    ("{{end 1}}", 'unexpected "1" in end'),
    ("{{else 1}}", 'unexpected "1" in else'),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Template.parse(text, "line")
    assert str(caught.value) == f"template: line:1: {message}"


PLACED = [
    ("a\n{{end}}", "template: label:2: unexpected {{end}}"),
    ("{{if 1}}\n\n", "template: label:3: unexpected EOF"),
    ("{{.a\n\n", "template: label:3: unclosed action started at label:1"),
    ('{{.a\n"b', "template: label:2: unterminated quoted string in action started at label:1"),
]


@pytest.mark.parametrize(("text", "message"), PLACED)
def test_the_line_of_a_mistake_is_named(text: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Template.parse(text, "label")
    assert str(caught.value) == message
