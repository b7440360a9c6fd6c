"""The selectors of ``match``: ``{job="inference"} |= "text"``, matchers of labels and filters of the line.

Other stages of LogQL have no place in front of a pipeline and are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest_client.agent.regex import BadRegex, Regex
from ingest_client.agent.row import Row

__all__ = ["BadSelector", "Test", "parse_selector"]

Test = Callable[[Row], bool]
_BLANK = re.compile(r"\s*")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_OPERATOR = re.compile(r"=~|!~|!=|=")
_FILTER = re.compile(r"\|=|\|~|!=|!~")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class BadSelector(ValueError):
    """The text is no selector: the message says where."""


def parse_selector(text: str) -> Test:
    """A test of rows. Raises BadSelector."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0

    def parse(self) -> Test:
        tests = [*self._matchers(), *self._filters()]
        if len(tests) == 1:
            return tests[0]
        return lambda row: all(test(row) for test in tests)

    def _matchers(self) -> list[Test]:
        self._expect("{")
        tests: list[Test] = []
        while not self._skip("}"):
            if tests:
                self._expect(",")
                if self._skip("}"):
                    break
            tests.append(self._matcher())
        return tests

    def _matcher(self) -> Test:
        name, operator = self._take(_NAME, "the name of a label"), self._take(_OPERATOR, "=, !=, =~ or !~")
        value = self._string()
        if operator == "=":
            return lambda row: row.labels.get(name, "") == value
        if operator == "!=":
            return lambda row: row.labels.get(name, "") != value
        anchored = self._regex(f"^(?:{value})$")
        wanted = operator == "=~"
        return lambda row: anchored.is_in(row.labels.get(name, "")) == wanted

    def _filters(self) -> list[Test]:
        tests: list[Test] = []
        while self._rest():
            operator = self._take(_FILTER, "|=, !=, |~ or !~ (other stages have no place in a selector)")
            tests.append(self._filter(operator, self._string()))
        return tests

    def _filter(self, operator: str, value: str) -> Test:
        if operator == "|=":
            return lambda row: value in row.line
        if operator == "!=":
            return lambda row: value not in row.line
        regex, wanted = self._regex(value), operator == "|~"
        return lambda row: regex.is_in(row.line) == wanted

    def _regex(self, expression: str) -> Regex:
        try:
            return Regex(expression)
        except BadRegex as error:
            raise BadSelector(str(error)) from error

    def _string(self) -> str:
        self._blank()
        found = _STRING.match(self._text, self._place)
        if found is None:
            raise self._wrong('a text in "quotes" or `backticks`')
        self._place = found.end()
        return _unescaped(found[1]) if found[1] is not None else found[2]

    def _take(self, pattern: re.Pattern[str], wanted: str) -> str:
        self._blank()
        found = pattern.match(self._text, self._place)
        if found is None:
            raise self._wrong(wanted)
        self._place = found.end()
        return found.group()

    def _skip(self, text: str) -> bool:
        self._blank()
        if not self._text.startswith(text, self._place):
            return False
        self._place += len(text)
        return True

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise self._wrong(repr(text))

    def _rest(self) -> str:
        self._blank()
        return self._text[self._place :]

    def _blank(self) -> None:
        found = _BLANK.match(self._text, self._place)
        self._place = found.end() if found else self._place

    def _wrong(self, wanted: str) -> BadSelector:
        rest = self._text[self._place : self._place + 20]
        return BadSelector(f"selector {self._text!r}: expected {wanted} before {rest!r}")


def _unescaped(text: str) -> str:
    def value(found: re.Match[str]) -> str:
        simple, *numbers = found.groups()
        if simple is not None:
            return _SIMPLE.get(simple, simple)
        return chr(int(next(number for number in numbers if number is not None), 16))

    return _ESCAPE.sub(value, text)
