"""Go's templates."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ingest_client.agent.template import Template, TemplateError

VALUES: dict[str, Any] = {"a": "Hello", "n": 5, "f": 2.5, "e": "", "m": {"k": "v"}, "l": ["x", "y"], "b": True}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("{{ .a }} {{.n}} {{ .f }} {{ .b }}", "Hello 5 2.5 true"),
        ("{{ .m.k }} {{ .m.none }} {{ .none.k }}", "v <no value> <no value>"),
        ("{{ .l }}", "[x y]"),
        ("a  {{- .a -}}  b", "aHellob"),
        ("{{/* nothing */}}x", "x"),
        ('{{ "}}" }}', "}}"),
        ("{{ `a\\b` }}", "a\\b"),
        ('{{ .a | ToUpper | printf "%s!" }}', "HELLO!"),
        ('{{ printf "%05d|%-4s|%4s|%.2f|%q|%%|%x" .n "a" "b" .f "c" 255 }}', '00005|a   |   b|2.50|"c"|%|ff'),
        ("{{ if .e }}yes{{ else if eq .n 5 }}five{{ else }}no{{ end }}", "five"),
        ("{{ if and .a (not .e) }}both{{ end }}", "both"),
        ('{{ or .e "fallback" }}', "fallback"),
        ("{{ with .m }}{{ .k }}{{ $.a }}{{ end }}", "vHello"),
        ("{{ with .e }}x{{ else }}empty{{ end }}", "empty"),
        ("{{ $x := .a }}{{ $x = ToLower $x }}{{ $x }}", "hello"),
        ('{{ eq .a "x" "Hello" }} {{ ne .n 5 }} {{ lt .n 6 }} {{ ge .f 2.5 }}', "true false true true"),
        ('{{ Replace .a "l" "L" 1 }} {{ Trim "--x--" "-" }} {{ TrimPrefix .a "He" }}', "HeLlo x llo"),
        ('{{ regexReplaceAll "(l+)" .a "<$1>" }}', "He<ll>o"),
        ('{{ regexReplaceAllLiteral "(l+)" .a "<$1>" }}', "He<$1>o"),
        ('{{ default "d" .none }} {{ default "d" .a }} {{ coalesce .e .a }}', "d Hello Hello"),
        ("{{ .a | trunc 2 }} {{ .a | trunc -2 }} {{ substr 1 3 .a }}", "He lo el"),
        ('{{ contains "ell" .a }} {{ hasPrefix "x" .a }} {{ len .a }}', "true false 5"),
        ("{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 .n }} {{ div 7 2 }} {{ mod 7 2 }} {{ divf 1 4 }}", "6 3 10 3 1 0.25"),
        ('{{ join "," .l }} {{ first .l }} {{ index .l 1 }} {{ index .m "k" }}', "x,y x y v"),
        ("{{ .a | b64enc }} {{ .a | b64enc | b64dec }} {{ quote .a }}", 'SGVsbG8= Hello "Hello"'),
        ('{{ ternary "y" "n" .b }} {{ repeat 3 "ab" }} {{ toJson .m }}', 'y ababab {"k":"v"}'),
    ],
)
def test_templates(text: str, result: str) -> None:
    assert Template(text).render(VALUES) == result


def test_hashes() -> None:
    assert Template('{{ .a | Hash "s" }}').render(VALUES) == hashlib.sha3_256(b"sHello").hexdigest()
    assert Template('{{ .a | Sha2Hash "s" }}').render(VALUES) == hashlib.sha256(b"sHello").hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "{{ .a",
        "{{ if .a }}x",
        "{{ if .a }}x{{ else }}y",
        "{{ end }}",
        "{{ range .l }}{{ end }}",
        "{{ nofunction .a }}",
        "{{ .a | .b }}",
        "{{ (.a }}",
        "{{ .a ) }}",
        "{{ if }}x{{ end }}",
        "{{ @ }}",
        "{{ if .a }}" * 50,
    ],
)
def test_templates_that_cannot_be_read(text: str) -> None:
    with pytest.raises(TemplateError):
        Template(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ToUpper .n }}",
        "{{ lt .a 5 }}",
        "{{ div 1 0 }}",
        "{{ index .l 9 }}",
        "{{ repeat 1000000 .a }}",
        '{{ regexReplaceAll "(" .a "" }}',
        "{{ fromJson .a }}",
        "{{ ToUpper }}",
    ],
)
def test_templates_that_cannot_be_rendered(text: str) -> None:
    with pytest.raises(TemplateError):
        Template(text).render(VALUES)
