"""``| label_format a=b, c="{{.d}}"``: section 8 of the language page."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from tests.logql.frames import labels_after, stage_of

STREAM = {"app": "web", "env": "prod"}
METADATA = {"env": "sm", "tid": "t1"}
LINE = '{"a":"1","b":"x","e":""}'
ALL = {"app": "web", "env": "prod", "env_extracted": "sm", "tid": "t1", "a": "1", "b": "x", "e": ""}


@pytest.mark.parametrize(
    ("items", "changes"),
    [
        ("z=a", {"z": "1", "a": None}),
        ("z=nosuch", {}),
        ("a=nosuch", {}),
        ("a=a", {"a": None}),
        ("a=b, b=a", {"a": None, "b": "x"}),
        ("z=app", {"z": "web", "app": None}),
        ("z=tid", {"z": "t1", "tid": None}),
        ("app=a", {"app": "1", "a": None}),
        ("tid=a", {"tid": "1", "a": None}),
        ("z=e", {"z": "", "e": None}),
        ("y=a, z=y", {"z": "1", "a": None}),
        ("x=__error__", {}),
        ('z="k"', {"z": "k"}),
        ('z=""', {"z": ""}),
        ('z="{{.nosuch}}"', {"z": ""}),
        ('a="{{.a}}{{.b}}"', {"a": "1x"}),
        ('app="{{.app}}-{{.env}}"', {"app": "web-prod"}),
        ('env="{{.env_extracted}}"', {"env": "sm"}),
        ('q="{{.a}}", r="{{.q}}"', {"q": "1", "r": ""}),
        ('q=a, r="{{.q}}{{.a}}"', {"q": "1", "a": None, "r": "1"}),  # the first template sees earlier renames
        ('r="{{.q}}", q=a, s="{{.q}}"', {"r": "", "q": "1", "a": None, "s": ""}),  # the second sees what the first saw
        ('z="{{__line__ | trunc 4}}"', {"z": '{"a"'}),
    ],
)
def test_labels_are_moved_and_written(items: str, changes: dict[str, str | None]) -> None:
    wanted = {name: value for name, value in {**ALL, **changes}.items() if value is not None}
    assert labels_after(f"| json | label_format {items}", LINE, STREAM, METADATA) == wanted


@pytest.mark.parametrize("items", ['a="{{div 1 0}}"', 'a="{{div 1 0}}", z="ok"'])
def test_a_template_that_fails_leaves_its_label_and_marks_the_row(items: str) -> None:
    labels = labels_after(f"| json | label_format {items}", LINE, STREAM)
    assert labels is not None
    assert labels["a"] == "1"
    assert labels["__error__"] == "TemplateFormatErr"
    assert labels["__error_details__"].startswith(
        'template: label:1:2: executing "label" at <div 1 0>: error calling div'
    )
    assert labels.get("z") == ("ok" if "z=" in items else None)


def test_only_the_rows_that_fail_are_marked() -> None:
    tail = '| json | label_format z="{{div 6 .a}}"'
    good, bad = labels_after(tail, '{"a":"2"}'), labels_after(tail, '{"a":"0"}')
    assert good == {"app": "web", "a": "2", "z": "3"}
    assert bad is not None
    assert "z" not in bad
    assert bad["__error__"] == "TemplateFormatErr"


def test_what_was_written_is_not_found_again_by_a_parser() -> None:
    assert labels_after('| label_format a="L" | json', '{"a":"1"}') == {"app": "web", "a": "L"}


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ("a=b, a=c", "multiple label name 'a' not allowed in a single format operation"),
        ('a="x", a=b', "multiple label name 'a' not allowed in a single format operation"),
        ("__error__=a", "__error__ cannot be formatted"),
        ('a="{{"', "invalid template for label 'a': template: label:1:"),
        ('a="{{nosuch}}"', 'function "nosuch" not defined'),
    ],
)
def test_items_that_cannot_be(items: str, text: str) -> None:
    with pytest.raises(ParseError) as raised:
        stage_of(f"| label_format {items}")
    assert text in str(raised.value)
