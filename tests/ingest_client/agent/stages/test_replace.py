"""``replace`` and ``template``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import mistakes, only


@pytest.mark.parametrize(
    ("options", "line", "result"),
    [
        (r"{expression: 'password (\S+)', replace: '****'}", "password secret ok", "password **** ok"),
        (r"{expression: 'a', replace: b}", "banana", "bbnbnb"),
        (r"{expression: '(\d+)-(\d+)', replace: '<{{ .Value }}>'}", "1-22 3-4", "<1>-<22> <3>-<4>"),
        (r"{expression: '(?P<ip>\d+\.\d+)', replace: '{{ .Value | ToUpper | trunc 3 }}'}", "ip 10.2", "ip 10."),
        (r"{expression: '(ö)', replace: 'oe'}", "schön schön", "schoen schoen"),
        (r"{expression: 'x', replace: ''}", "axbx", "ab"),
        (r"{expression: '^', replace: '> '}", "a", "> a"),
    ],
)
def test_lines(options: str, line: str, result: str) -> None:
    assert only(f"[{{replace: {options}}}]", line).line == result


def test_named_groups_are_extracted_replaced() -> None:
    row = only(r"[{replace: {expression: 'user=(?P<user>\w+)', replace: '{{ .Value | ToUpper }}'}}]", "user=ann x")
    assert (row.line, row.extracted) == ("user=ANN x", {"user": "ANN"})


def test_a_value_can_be_replaced_instead_of_the_line() -> None:
    row = only("[{regex: {expression: '(?P<a>.*)'}}, {replace: {source: a, expression: x, replace: y}}]", "xx")
    assert (row.line, row.extracted["a"]) == ("xx", "yy")


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{{ .Value | ToUpper }}", "A B"),
        ("{{ .Entry }}!", "a b!"),
        ('{{ if eq .x "a b" }}yes{{ else }}no{{ end }}', "yes"),
        ("{{ .missing }}", "<no value>"),
        ("", None),
    ],
)
def test_templates(template: str, result: str | None) -> None:
    text = f"[{{regex: {{expression: '(?P<x>.*)'}}}}, {{template: {{source: x, template: '{template}'}}}}]"
    assert only(text, "a b").extracted.get("x") == result


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[{replace: {replace: x}}]", "expression: this key is needed"),
        ("[{replace: {expression: x, replace: '{{ .Value'}}]", "not closed"),
        ("[{template: {template: x}}]", "source: this key is needed"),
        ("[{template: {source: a, template: '{{ nofunction }}'}}]", "'nofunction' is not known"),
    ],
)
def test_mistakes(text: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(text))
