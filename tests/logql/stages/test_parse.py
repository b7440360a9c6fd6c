"""Parser stages: who wins when names meet. Sections 4.2 to 4.4, golden table 18.3."""

from __future__ import annotations

import pytest

from tests.logql.frames import labels_after

STREAM = {"env": "prod"}
ENTRIES = [
    ('{"a":"1","b":"x","env":"inner","lvl":"foobar"}', {"tid": "t1", "env": "sm", "b": "smb"}),
    ('{"a":"2","b":"y","c":"5s"}', {"tid": "t2"}),
    ('{"a":"bad","c":"bad"}', {}),
]


def golden(tail: str, entry: int = 0) -> dict[str, str] | None:
    line, metadata = ENTRIES[entry]
    return labels_after(tail, line, STREAM, metadata)


@pytest.mark.parametrize(
    ("tail", "labels"),
    [
        ("", "b=smb env=prod env_extracted=sm tid=t1"),
        ("| json", "a=1 b=smb b_extracted=x env=prod env_extracted=inner lvl=foobar tid=t1"),
        ("| drop env | json", "a=1 b=smb b_extracted=x env_extracted=inner lvl=foobar tid=t1"),
        ("| json | drop a | json", "b=smb b_extracted=x env=prod env_extracted=inner lvl=foobar tid=t1"),
        ("| json | label_format z=a", "z=1 b=smb b_extracted=x env=prod env_extracted=inner lvl=foobar tid=t1"),
        ("| json | label_format a=nosuch", "a=1 b=smb b_extracted=x env=prod env_extracted=inner lvl=foobar tid=t1"),
        ('| json | keep a, b="x"', "a=1"),
        ('| json | drop a="1", b=~"y|z"', "b=smb b_extracted=x env=prod env_extracted=inner lvl=foobar tid=t1"),
        ('| json | env="sm"', None),
        ('| env_extracted="sm"', "b=smb env=prod env_extracted=sm tid=t1"),
        ("| json | a > 1", None),
    ],
)
def test_the_golden_table_of_collisions(tail: str, labels: str | None) -> None:
    wanted = None if labels is None else dict(pair.split("=", 1) for pair in labels.split())
    assert golden(tail) == wanted


@pytest.mark.parametrize(
    ("tail", "passing"),
    [("| json | a > 1", [1, 2]), ('| json | a > 1 | __error__=""', [1]), ("| json | a > 1 | keep a", [1, 2])],
)
def test_the_golden_table_of_conversions(tail: str, passing: list[int]) -> None:
    found = {entry: labels for entry in range(3) if (labels := golden(tail, entry)) is not None}
    assert list(found) == passing
    assert "__error__" not in found[1]
    if 2 in found:
        assert found[2]["a"] == "bad"
        assert found[2]["__error__"] == "LabelFilterErr"
        assert found[2]["__error_details__"] == 'strconv.ParseFloat: parsing "bad": invalid syntax'


@pytest.mark.parametrize(
    ("tail", "line", "metadata", "labels"),
    [
        ("| logfmt", "foo=1 foo=2", {}, "foo=1"),
        ('| label_format a="L" | json', '{"a":"1"}', {}, "a=L"),
        ("| json | logfmt", '{"a":"1"}', {}, "a=1"),
        ('| regexp "(?P<a>.)" | pattern "<a>"', "xyz", {}, "a=x"),
        # Metadata that is gone no longer collides; a stream label that is gone does.
        ("| drop tid | logfmt", "tid=new", {"tid": "old"}, "tid=new"),
        ("| drop env | logfmt", "env=new", {}, "env_extracted=new -env"),
        ("| logfmt", "tid=new", {"tid": "old"}, "tid=old tid_extracted=new"),
        ("| logfmt", "tid_extracted=mine tid=new", {"tid": "old"}, "tid=old tid_extracted=mine"),
        ("| logfmt", "tid=new tid_extracted=mine", {"tid": "old"}, "tid=old tid_extracted=new"),
        ("| logfmt", "env=new", {"env_extracted": "sm"}, "env_extracted=new"),
        # What overwrites.
        ('| label_format a="L" | unpack', '{"_entry":"x","a":"1","a":"2"}', {}, "a=2"),
        ('| label_format a="L" | logfmt a="k"', "k=1 k=2", {}, "a=2"),
        ('| label_format a="L" | json a="k"', '{"k":"1","k":"2"}', {}, "a=1"),
        ('| logfmt a="k"', "x=1", {}, "a="),
        ('| label_format a="L" | logfmt a="k"', "x=1", {}, "a="),
        ('| json a="k"', '{"x":"1"}', {}, "a="),
        ('| label_format a="L" | json a="k"', '{"x":"1"}', {}, "a=L"),
        ('| logfmt env="k"', "x=1", {}, ""),
        ('| logfmt env="k"', "k=1", {}, "env_extracted=1"),
        ('| logfmt tid="k"', "x=1", {"tid": "sm"}, "tid=sm"),
        ('| json env="k"', '{"k":"1"}', {}, "env_extracted=1"),
        ('| json env="k"', '{"x":"1"}', {}, ""),
        ('| json tid="k"', '{"x":"1"}', {"tid": "sm"}, "tid=sm"),
    ],
)
def test_who_wins(tail: str, line: str, metadata: dict[str, str], labels: str) -> None:
    """All but the stream's own label, unless it is said to be gone."""
    pairs = dict(pair.split("=", 1) for pair in labels.split() if not pair.startswith("-"))
    wanted = pairs if "-env" in labels else {**STREAM, **pairs}
    assert labels_after(tail, line, STREAM, metadata) == wanted


@pytest.mark.parametrize(
    ("tail", "line", "error", "details"),
    [
        ("| json", "", "JSONParserErr", "Value looks like object, but can't find closing '}' symbol"),
        ("| json", '{"a":tru}', "JSONParserErr", "Unknown value type"),
        ('| json a="b"', "x", "JSONParserErr", None),
        ("| unpack", "x", "JSONParserErr", "expecting json object(6), but it is not"),
        ("| logfmt --strict", "a=1 =x", "LogfmtParserErr", "logfmt syntax error at pos 5 : unexpected '='"),
        ("| logfmt", "a=1 =x", None, None),
        ('| regexp "(?P<a>z)"', "x", None, None),
        ('| pattern "z<a>"', "x", None, None),
        ("| unpack", "", None, None),
    ],
)
def test_errors_of_parsers(tail: str, line: str, error: str | None, details: str | None) -> None:
    labels = labels_after(tail, line)
    assert labels is not None
    assert (labels.get("__error__"), labels.get("__error_details__")) == (error, details)


def test_unpack_puts_its_entry_in_the_place_of_the_line() -> None:
    tail = '| unpack |= "level" | logfmt'
    assert labels_after(tail, '{"_entry":"level=error","a":"1"}') == {"app": "web", "a": "1", "level": "error"}
    assert labels_after(tail, '{"entry":"level=error","a":"1"}') is not None
