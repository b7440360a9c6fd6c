"""Templates that want too much get an error soon."""

from __future__ import annotations

import time

import pytest

from logql.template import Template, TemplateError, TemplateSyntaxError

BIG = "a&'é " * 20_000
OBJECT = "{" + ",".join(f'"k{number}":{number}' for number in range(5000)) + "}"

BOMBS = [
    '{{repeat 1000000000 "x"}}',
    '{{repeat 9223372036854775807 "x"}}',
    '{{indent 999999999 "x"}}',
    '{{nindent 1000000 "\\n\\n"}}',
    '{{alignLeft 999999999 "x"}}',
    '{{alignRight 999999999 "x"}}',
    '{{printf "%999999d%999999d" 1 1}}',
    '{{printf "%.999999f%.999999f" 1.0 1.0}}',
    '{{replace "" .big .big}}',
    '{{regexReplaceAll "" .big .big}}',
    "{{range 1000000000}}{{end}}",
    "{{range 9223372036854775807}}{{continue}}{{end}}",
    "{{range 1000000}}x{{end}}",
    "{{range 100000}}xxxxxxxxxxxxxxxxxxxxxxxxxx{{end}}",
    '{{$x := "aaaaaaaaaa"}}{{range 100}}{{$x = printf "%s%s" $x $x}}{{end}}',
    '{{$x := "<<<<<"}}{{range 100}}{{$x = js $x}}{{end}}',
    '{{range 100000}}{{$x := count "" $.big}}{{end}}',
    '{{range 100000}}{{$x := regexReplaceAll "" $.big ""}}{{end}}',
    "{{range 100000}}{{$x := upper $.big}}{{end}}",
    "{{range 100000}}{{$x := js $.big}}{{end}}",
    "{{range 100000}}{{$x := fromJson $.object}}{{end}}",
    "{{$m := fromJson .object}}{{range 100000}}{{range $m}}{{break}}{{end}}{{end}}",
    "{{range 100000}}{{$x := toDate $.big $.big}}{{end}}",
    '{{range 100000}}{{$x := count (print "(" . "|a{500})") "a"}}{{end}}',
    "{{print " + "$.big " * 1000 + "}}",
    "{{.big}}" * 50,
    '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
    '{{define "a"}}{{range 2}}{{template "a"}}{{end}}{{end}}{{template "a"}}',
    '{{define "a"}}{{template "a" (print (print .))}}{{end}}{{template "a"}}',
]


@pytest.mark.parametrize("text", BOMBS)
def test_bombs_fail_soon(text: str) -> None:
    template = Template.parse(text, "line")
    started_s = time.process_time()
    with pytest.raises(TemplateError, match=r"output exceeds|takes more than|maximum template depth|matches"):
        template.execute({"big": BIG, "object": OBJECT}, "", 0)
    assert time.process_time() - started_s < 2


@pytest.mark.parametrize("count", [100, 10_000, 50_000])
@pytest.mark.parametrize(("opening", "closing"), [("{{if 1}}", "{{end}}"), ("{{with 1}}{{else}}", "{{end}}")])
def test_blocks_may_not_nest_without_end(count: int, opening: str, closing: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="max expression depth exceeded"):
        Template.parse(opening * count + closing * count, "line")


@pytest.mark.parametrize("count", [100, 50_000])
def test_parentheses_may_not_nest_without_end(count: int) -> None:
    with pytest.raises(TemplateSyntaxError, match="max expression depth exceeded"):
        Template.parse("{{" + "(" * count + "1" + ")" * count + "}}", "line")


def test_ordinary_nesting_runs() -> None:
    assert Template.parse("{{" + "(" * 60 + "1" + ")" * 60 + "}}", "line").execute({}, "", 0) == "1"
    assert Template.parse("{{if 1}}" * 60 + "x" + "{{end}}" * 60, "line").execute({}, "", 0) == "x"
    nested = "{{" + "(print " * 60 + "1" + ")" * 60 + "}}"
    assert Template.parse(nested, "line").execute({}, "", 0) == "1"


def test_many_cases_are_no_nesting() -> None:
    cases = "".join(f'{{{{else if eq .n "{number}"}}}}{number}' for number in range(500))
    template = Template.parse("{{if false}}" + cases + "{{else}}none{{end}}", "line")
    assert template.execute({"n": "499"}, "", 0) == "499"
    assert template.execute({"n": "500"}, "", 0) == "none"


def test_json_is_read_to_a_limited_depth() -> None:
    template = Template.parse("{{fromJson .j}}", "line")
    assert template.execute({"j": "[" * 50 + "]" * 50}, "", 0) == "[" * 50 + "]" * 50
    assert template.execute({"j": "[" * 51 + "]" * 51}, "", 0) == "<no value>"
    assert template.execute({"j": "[[]," * 40 + "1" + "]" * 40}, "", 0).startswith("[[] [[] ")
    assert template.execute({"j": "[" * 100_000}, "", 0) == "<no value>"


def test_a_line_longer_than_the_limit_passes() -> None:
    line = "x" * 3_000_000
    assert Template.parse("{{__line__}}", "line").execute({}, line, 0) == line
