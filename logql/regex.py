"""What a regex says about the texts it can match, read off its surface."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["RequiredText", "required_in_any_case", "required_text"]

_META = frozenset("\\.+*?()|[]{}^$")
_ANY_CASE = "(?i)"
_FOLDS_BEYOND_ASCII = re.compile(r"[kKsS]|[^\x00-\x7f]")  # K is also the Kelvin sign, s the long one
_LONG_ESCAPE = re.compile(r"\\[xpPQC0-9]")  # escapes that reach beyond the next character


@dataclass(frozen=True, slots=True)
class RequiredText:
    """A text that every match contains; ``is_whole``: and every line that contains it matches."""

    text: str
    is_whole: bool = False


def required_text(regex: str) -> RequiredText:
    """The longest plain run of ``regex`` outside groups and classes; "" when nothing is certain.

    Careful rather than clever: anything with flags or alternation at the top level requires nothing.
    """
    return _longest(_required_runs(regex), regex)


def required_in_any_case(regex: str) -> RequiredText:
    """What a regex that begins with ``(?i)`` requires: ASCII in lower case, which lines may have in any case."""
    if not regex.startswith(_ANY_CASE):
        return RequiredText("")
    rest = regex.removeprefix(_ANY_CASE)
    runs = [text.lower() for run in _required_runs(rest) for text in _FOLDS_BEYOND_ASCII.split(run)]
    return _longest(runs, rest.lower())


def _longest(runs: Sequence[str], regex: str) -> RequiredText:
    text = max(runs, key=len, default="")
    return RequiredText(text, is_whole=text == regex)


def _required_runs(regex: str) -> list[str]:
    """Texts that every match contains; the only one is all of ``regex`` where that is plain."""
    if not any(char in _META for char in regex):
        return [regex]
    if "(?" in regex or "|" in _outside_groups(regex) or _LONG_ESCAPE.search(regex):
        return []
    return _plain_runs(regex)


def _outside_groups(regex: str) -> str:
    """``regex`` with each escape, group and class in it replaced by a NUL, which no plain run contains."""
    out, depth, i = [], 0, 0
    while i < len(regex):
        char = regex[i]
        stop = i + 2 if char == "\\" else _class_end(regex, i) if char == "[" else i + 1
        if char == "(":
            depth += 1
        if depth == 0:
            out.append(char if stop == i + 1 else "\0")
        if char == ")":
            depth -= 1
            out.append("\0")
        i = stop
    return "".join(out)


def _class_end(regex: str, start: int) -> int:
    """The index after the ``]`` that closes the class opened at ``start``."""
    i = start + 1
    i += regex[i : i + 1] == "^"
    i += regex[i : i + 1] == "]"
    while i < len(regex) and regex[i] != "]":
        is_named = regex.startswith("[:", i) and ":]" in regex[i:]
        i = regex.index(":]", i) + 2 if is_named else i + 2 if regex[i] == "\\" else i + 1
    return i + 1


def _plain_runs(regex: str) -> list[str]:
    """Maximal runs of characters that stand for themselves, exactly once."""
    runs, run = [], ""
    for char in _outside_groups(regex):
        if char == "\0" or char in _META:
            if char in "*?{" and run:  # the last character may be absent
                run = run[:-1]
            runs.append(run)
            run = ""
            if char == "{":  # what is inside a repeat count is no text
                return runs
        else:
            run += char
    return [*runs, run]
