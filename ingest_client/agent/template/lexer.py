"""A template to texts and actions, an action to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest_client.agent.template.errors import TemplateError

__all__ = ["Token", "split_actions", "tokens_of"]

# Strings may hold braces, so an action is a row of strings and of what is none.
_ACTION = re.compile(r'\{\{(-(?=\s))?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|/\*.*?\*/|(?!-?\}\}).)*?)((?<=\s)-)?\}\}', re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<field>(?:\.[A-Za-z_]\w*)+|\.)|(?P<variable>\$\w*(?:\.[A-Za-z_]\w*)*)|(?P<mark>:=|[=|(),])"""
    r"""|(?P<name>[A-Za-z_]\w*))"""
)


class Token(NamedTuple):
    """``kind`` is the group of the pattern that took it."""

    kind: str
    text: str


def split_actions(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of a template, each with whether it is an action; blanks are trimmed where marks ask for it."""
    place, trims = 0, False
    for found in _ACTION.finditer(text):
        before = text[place : found.start()]
        if trims:
            before = before.lstrip()
        yield (before.rstrip() if found[1] else before), False
        yield found[2].strip(), True
        place, trims = found.end(), bool(found[3])
    rest = text[place:]
    if "{{" in rest:
        raise TemplateError(f"an action is not closed: {rest[rest.index('{{') :][:40]!r}")
    yield (rest.lstrip() if trims else rest), False


def tokens_of(action: str) -> list[Token]:
    """The tokens of one action. Raises TemplateError."""
    tokens, place = [], 0
    action = action.rstrip()
    while place < len(action):
        found = _TOKEN.match(action, place)
        if found is None or found.lastgroup is None:
            raise TemplateError(f"unexpected {action[place:].strip()[:20]!r} in {{{{{action}}}}}")
        tokens.append(Token(found.lastgroup, found[found.lastgroup]))
        place = found.end()
    return tokens
