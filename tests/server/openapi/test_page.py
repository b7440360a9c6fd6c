"""The page shows every operation, trusts no text, and asks nobody else for anything."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from server.openapi import document, page
from server.openapi.catalogue import OPERATIONS
from tests.server.application import Api


class Reading(HTMLParser):
    """Which elements there are, and the words of the page; elements that are not closed are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.sources: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_every_path_is_on_it() -> None:
    assert set(OPERATIONS) <= set(Reading(page(document())).words)


def test_it_needs_no_other_host_and_no_script() -> None:
    reading = Reading(page(document()))
    assert reading.sources == ["openapi.json"]
    assert not reading.elements & {"script", "iframe", "img", "link", "form"}


def test_texts_are_only_texts() -> None:
    evil = '<script>alert("x")</script>'
    operation: dict[str, object] = {"tags": [evil], "summary": evil, "description": f"`{evil}`", "responses": {}}
    operation["parameters"] = [{"name": evil, "in": "query", "required": True, "description": evil}]
    shown = {"info": {"title": evil, "version": evil, "description": evil}, "paths": {evil: {"get": operation}}}
    assert "script" not in Reading(page(shown)).elements


def test_both_are_served(tmp_path: Path) -> None:
    with Api(tmp_path) as api:
        described, answer = api.get("/openapi.json"), api.get("/docs")
    assert described.json() == document()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert Reading(answer.text).words
