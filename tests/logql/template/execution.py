"""Runs a template on the row that the tests share."""

from __future__ import annotations

from logql.template import Template

__all__ = ["LABELS", "LINE", "TS_NS", "run"]

LABELS = {
    "s": "hello world",
    "n": "42",
    "f": "3.7",
    "ml": "l1\nl2",
    "u": "日本語",
    "j": '{"x":{"y":[1,"a",null]},"n":null,"f":1.5}',
}
LINE = "the line"
TS_NS = 1_795_366_201_123_456_789


def run(text: str) -> str:
    return Template.parse(text, "line").execute(LABELS, LINE, TS_NS)
