"""Paths of ``| json a="o.k[0]["x y"]"``: fields, indexes and quoted keys."""

from __future__ import annotations

import re

from logql.limits import MAX_JSON_PATH
from logql.syntax.expression_error import expression_error, foreign_character

__all__ = ["parse_json_expression"]

_SHOWN = 100

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<FIELD>[A-Za-z_][A-Za-z0-9_]*)|(?P<INDEX>[0-9]+)(?=[ \t\r\n\]])|"(?P<STRING>[^"\]]*)"?'
    r"|(?P<DOT>\.)|(?P<LSB>\[)|(?P<RSB>\]))"
)
_BLANKS = re.compile(r"[ \t\r\n]*")

# state -> token -> next state; the names of a state's tokens are what an error says was expected
_STATES = {
    "start": {"LSB": "bracket", "FIELD": "path"},
    "path": {"DOT": "dot", "LSB": "bracket"},
    "dot": {"FIELD": "path"},
    "bracket": {"STRING": "closing", "INDEX": "closing"},
    "closing": {"RSB": "path"},
}


def parse_json_expression(text: str) -> tuple[str | int, ...]:
    """Keys and indexes from the outside in. Raises ValueError: ``cannot parse expression [a.]: ...``."""
    path: list[str | int] = []
    state, position = "start", 0
    while not _BLANKS.fullmatch(text, position):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _foreign(text, state, position)
        kind = token.lastgroup
        assert kind is not None
        state = _next_state(text, state, kind)
        if kind in ("FIELD", "STRING"):
            path.append(token[kind])
        elif kind == "INDEX":
            path.append(_index(text, token[kind]))
        if len(path) > MAX_JSON_PATH:
            raise ValueError(f"cannot parse expression [{text[:_SHOWN]}...]: a path has {MAX_JSON_PATH} parts at most")
        position = token.end()
    if state != "path":
        raise _unexpected(text, state, "$end")
    return tuple(path)


def _next_state(text: str, state: str, kind: str) -> str:
    if kind not in _STATES[state]:
        raise _unexpected(text, state, kind)
    return _STATES[state][kind]


def _index(text: str, digits: str) -> int:
    if len(digits) > 18:
        raise expression_error(text, f"index {digits} is too large")
    return int(digits)


def _foreign(text: str, state: str, position: int) -> ValueError:
    """A character of no token ends the path; it is named where the path could have ended."""
    if state != "path":
        return _unexpected(text, state, "$end")
    return foreign_character(text, position)


def _unexpected(text: str, state: str, kind: str) -> ValueError:
    """A path may end after every part, so nothing is expected there."""
    expecting = "" if state == "path" else f", expecting {' or '.join(_STATES[state])}"
    return expression_error(text, f"syntax error: unexpected {kind}{expecting}")
