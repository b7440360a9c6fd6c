"""Content types of pushes."""

from __future__ import annotations

import pytest

from server.push.errors import PushError
from server.push.media_type import is_json


@pytest.mark.parametrize(
    ("content_type", "takes_json"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        (" Application/JSON ; x=y;", True),
        ("application/x-protobuf", False),
        ("application/octet-stream", False),
        ("text/plain", False),
        ("whatever", False),
        ('application/json; a="b;\\"c" ;d = e', True),
        ("application/json;charset=utf-8;Charset=utf-8", True),
    ],
)
def test_every_other_media_type_means_protobuf(content_type: str, takes_json: bool) -> None:
    assert is_json(content_type) is takes_json


@pytest.mark.parametrize("content_type", [None, "", " ", "; charset=utf-8"])
def test_a_body_without_a_media_type_is_refused(content_type: str | None) -> None:
    with pytest.raises(PushError, match=r"^mime: no media type$"):
        is_json(content_type)


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("/json", "no media type"),
        ("é/x", "no media type"),
        ('"x"', "no media type"),
        ("a b", "expected slash after first token"),
        ("a,b", "expected slash after first token"),
        ("application /json", "expected slash after first token"),
        ("application/", "expected token after slash"),
        ("application/ json", "expected token after slash"),
        ("a/b/c", "unexpected content after media subtype"),
        ("application/json, text/plain", "unexpected content after media subtype"),
        ("application/json;x", "invalid media parameter"),
        ("application/json;;", "invalid media parameter"),
        ("application/json;=b", "invalid media parameter"),
        ("application/json;a=", "invalid media parameter"),
        ("application/json;a=b c", "invalid media parameter"),
        ('application/json;a="b', "invalid media parameter"),
        ("application/x-protobuf;é=b", "invalid media parameter"),
        ("application/json;a=b;A=c", "duplicate parameter name"),
    ],
)
def test_a_malformed_media_type_is_refused(content_type: str, told: str) -> None:
    with pytest.raises(PushError, match=f"^mime: {told}$"):
        is_json(content_type)
