"""What every text holds that a regex matches, read off its syntax: RE2's, which the query was checked against.

Careful rather than clever: where the syntax is not one of the plain cases, nothing is required.
"""

from __future__ import annotations

import re

from logql.scan.needles.condition import ALWAYS, Condition, Text, all_of, any_of

__all__ = ["regex_condition"]

_REPEAT = re.compile(r"[*+?]\??|\{(\d+)(,\d*)?\}\??")
_GROUP = re.compile(r"\((?:\?P?<\w+>|\?(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<scope>[:)]))?")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_NO_TEXT = re.compile(r"[.^$]|\\(?:[dDwWsSbBAzC]|[pP](?:\{\^?\w+\}|\w)|x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2}))")
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_MOST_NESTED = 50
# In any case, K is also the Kelvin sign and S the long s, and of other alphabets nothing is known here.
_FOLDS_BEYOND_ASCII = frozenset("kKsS")


class _Unclear(Exception):
    """A construct that this module does not read."""


def regex_condition(regex: str) -> Condition:
    """True of every text in which ``regex`` (valid RE2) finds a match."""
    try:
        return _Reader(regex).whole()
    except _Unclear:
        return ALWAYS


class _Reader:
    def __init__(self, regex: str) -> None:
        self._regex, self._position, self._depth = regex, 0, 0
        self._folds = False

    def whole(self) -> Condition:
        condition = self._alternatives()
        if self._position < len(self._regex):
            raise _Unclear
        return condition

    def _alternatives(self) -> Condition:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return any_of(branches)

    def _sequence(self) -> Condition:
        """Literals side by side are one text; whatever else there is ends it."""
        parts: list[Condition] = []
        run = ""
        while self._position < len(self._regex) and self._regex[self._position] not in "|)":
            item = self._item()
            repeat = self._match(_REPEAT)
            is_optional = repeat is not None and (repeat[0][0] in "*?" or repeat[1] == "0" * len(repeat[1] or ""))
            if is_optional:
                item = ALWAYS
            if isinstance(item, str):
                run += item
            if repeat is not None or not isinstance(item, str):
                parts += [_text(run)] if isinstance(item, str) else [_text(run), item]
                run = ""
        return all_of([*parts, _text(run)])

    def _item(self) -> str | Condition:
        """A character that stands for itself, or what else the next item requires."""
        char = self._regex[self._position]
        if char == "(":
            return self._group()
        if self._match(_NO_TEXT) or (char == "[" and self._match(_CLASS)):
            return ALWAYS
        if char in "[*+?":
            raise _Unclear
        self._position += 1
        if char == "\\":
            char = self._escaped()
        is_certain = not self._folds or (char.isascii() and char not in _FOLDS_BEYOND_ASCII)
        return char if is_certain else ALWAYS

    def _escaped(self) -> str:
        char = self._regex[self._position : self._position + 1]
        self._position += 1
        if char in _CONTROLS:
            return _CONTROLS[char]
        if not char or char.isalnum():
            raise _Unclear
        return char

    def _group(self) -> Condition:
        opened = self._match(_GROUP)
        assert opened is not None
        if self._regex.startswith("?", self._position) or self._depth == _MOST_NESTED:
            raise _Unclear
        outer = self._folds
        if opened["flags"] is not None:
            self._set_flags(opened["flags"])
        if opened["scope"] == ")":
            return ALWAYS
        self._depth += 1
        condition = self._alternatives()
        self._depth -= 1
        self._folds = outer
        if not self._take(")"):
            raise _Unclear
        return condition

    def _set_flags(self, flags: str) -> None:
        on, _, off = flags.partition("-")
        self._folds = (self._folds or "i" in on) and "i" not in off

    def _take(self, char: str) -> bool:
        is_there = self._regex.startswith(char, self._position)
        self._position += is_there
        return is_there

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._regex, self._position)
        if found is not None:
            self._position = found.end()
        return found


def _text(run: str) -> Condition:
    return Text(run) if run else ALWAYS
