"""What a template says that it reads."""

from __future__ import annotations

import pytest

from logql.template import Template

NEEDS: list[tuple[str, set[str] | None]] = [
    ("text", set()),
    ("{{.a}}", {"a"}),
    ("{{.a}}{{$.b}}", {"a", "b"}),
    ("{{.a.b}}", {"a"}),
    ("{{if .a}}{{.b}}{{else if .c}}{{.d}}{{else}}{{.e}}{{end}}", {"a", "b", "c", "d", "e"}),
    ("{{with .a}}{{.b}}{{$.c}}{{else}}{{.d}}{{end}}", {"a", "c", "d"}),
    ("{{range .a}}{{.b}}{{$.c}}{{else}}{{.d}}{{end}}", {"a", "c", "d"}),
    ("{{$x := .a}}{{$x.b}}", {"a"}),
    ("{{(fromJson .a).b}}", {"a"}),
    ('{{upper (lower (print .a | printf "%s%s" .b))}}', {"a", "b"}),
    ('{{index . "a"}}{{index $ "b"}}', {"a", "b"}),
    ('{{index . "a" .b}}', {"a", "b"}),
    ("{{index . .a}}", None),
    ("{{.}}", None),
    ("{{$}}", None),
    ("{{len .}}", None),
    ("{{$x := .}}{{$x.b}}", None),
    ("{{range $k, $v := .}}{{end}}", None),
    ("{{with .}}{{.a}}{{end}}", None),
    ('{{define "t"}}{{.x}}{{$.y}}{{end}}{{template "t" .a}}', {"a"}),
    ('{{define "t"}}{{.x}}{{end}}{{template "t" .}}', None),
    ('{{define "t"}}{{.}}{{end}}{{template "t"}}', set()),
    ('{{block "t" .a}}{{.b}}{{end}}', {"a"}),
    ("{{__line__}}{{__timestamp__.Unix}}", set()),
    ("{{.__error__}}", {"__error__"}),
]


@pytest.mark.parametrize(("text", "fields"), NEEDS)
def test_the_labels_that_are_read_are_known(text: str, fields: set[str] | None) -> None:
    assert Template.parse(text, "line").fields == fields


ROW = [
    ("{{.a}}", False, False),
    ("{{__line__}}", True, False),
    ("{{.a | len | add (len __line__)}}", True, False),
    ("{{__timestamp__}}", False, True),
    ('{{if .a}}{{range 3}}{{__timestamp__.Format "15" | print __line__}}{{end}}{{end}}', True, True),
    ('{{define "t"}}{{__line__}}{{end}}', True, False),
    ('{{"__line__"}}', False, False),
]


@pytest.mark.parametrize(("text", "reads_line", "reads_time"), ROW)
def test_whether_line_and_time_are_read_is_known(text: str, reads_line: bool, reads_time: bool) -> None:
    template = Template.parse(text, "line")
    assert (template.reads_line, template.reads_time) == (reads_line, reads_time)
