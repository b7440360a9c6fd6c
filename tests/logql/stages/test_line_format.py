"""``| line_format "{{.msg}}"``: section 8 of the language page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from logql.errors import ParseError
from logql.stages.pipeline import Pipeline
from tests.logql.frames import Given, frame_of, kept, stage_of, stages_of


def written(tail: str, *rows: Given) -> list[tuple[str, Mapping[str, str]]]:
    """Lines and error labels of all rows behind the stages."""
    after = kept(Pipeline(stages_of(tail))(frame_of(rows)))
    return [(line, {name: labels[name] for name in labels if name.startswith("__")}) for _, line, labels in after]


WEB: Given = ({"app": "web"}, 5, "a=1 b=0", {"tid": "t1"})
API: Given = ({"app": "api"}, 6, "a=2 b=2", {})


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("{{.app}}", ["web", "api"]),
        ("{{.tid}}", ["t1", ""]),  # a missing label makes the line empty
        ("{{.nosuch}}", ["", ""]),
        ("", ["", ""]),
        ("fixed", ["fixed", "fixed"]),
        ("{{.a}}/{{.b}}", ["1/0", "2/2"]),
        ("{{__line__ | upper}}", ["A=1 B=0", "A=2 B=2"]),
        ("{{unixEpochNanos __timestamp__}}", ["5", "6"]),
        ("{{.app}}\\n日本", ["web\n日本", "api\n日本"]),
    ],
)
def test_the_line_is_what_the_template_writes(template: str, lines: list[str]) -> None:
    assert written(f'| logfmt | line_format "{template}"', WEB, API) == [(line, {}) for line in lines]


def test_where_the_template_fails_the_line_stays() -> None:
    (web, errors), api = written('| logfmt | line_format "{{div .a .b}}"', WEB, API)
    assert (web, api) == ("a=1 b=0", ("1", {}))
    assert errors["__error__"] == "TemplateFormatErr"
    assert errors["__error_details__"] == (
        'template: line:1:2: executing "line" at <div .a .b>: error calling div: runtime error: integer divide by zero'
    )


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{.__error__}}", ""),
        (" {{- .__error__ -}} ", ""),
        ("{{.__error_details__}}", ""),
        ("{{.__error__}}!", "JSONParserErr!"),
        ("{{.__error__ | upper}}", "JSONPARSERERR"),
        ("{{if .__error__}}bad{{end}}", "bad"),
    ],
)
def test_a_line_of_nothing_but_the_error_is_empty(template: str, line: str) -> None:
    assert [text for text, _ in written(f'| json | line_format "{template}"', WEB)] == [line]


def test_where_it_fails_in_every_row_no_line_changes() -> None:
    assert [line for line, _ in written('| line_format "{{div 1 0}}"', WEB, API)] == [WEB[2], API[2]]


def test_an_error_of_before_gives_way_to_the_new_one_and_stays_where_none_comes() -> None:
    (_, first), (_, second) = written('| json | logfmt | line_format "{{div .a .b}}"', WEB, API)
    assert (first["__error__"], second["__error__"]) == ("TemplateFormatErr", "JSONParserErr")
    assert "divide by zero" in first["__error_details__"]


@pytest.mark.parametrize(
    ("tail", "lines"),
    [
        ('| line_format "x=9" | logfmt | line_format "{{.x}}"', ["9", "9"]),
        ('| line_format "{{.app}}" |= "web"', ["web"]),
        ('|= "a=1" | line_format "{{.app}}"', ["web"]),
        ('| line_format "{{.app}}" |= "a=1"', []),
    ],
)
def test_later_stages_see_the_new_line(tail: str, lines: list[str]) -> None:
    assert [line for line, _ in written(tail, WEB, API)] == lines


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{", "unclosed action"),
        ("{{x}}", 'function "x" not defined'),
        ("{{end}}", "unexpected {{end}}"),
        ("{{if}}x{{end}}", "missing value for if"),
        ("{{$x}}", 'undefined variable "$x"'),
        ("{{break}}", "{{break}} outside {{range}}"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused_before_anything_runs(template: str, text: str) -> None:
    with pytest.raises(ParseError) as raised:
        stage_of(f'| line_format "{template}"')
    assert str(raised.value).startswith("parse error : stage '| line_format ")
    assert "invalid line template: template: line:1: " in str(raised.value)
    assert text in str(raised.value)
