"""The right side of ``| logfmt a="key"``: one key, plain or in quotes."""

from __future__ import annotations

import re

__all__ = ["parse_logfmt_expression"]

_TOKEN = re.compile(r'[ \t\r\n]*(?:(?P<KEY>[A-Za-z_][A-Za-z0-9_]*)|"(?P<STRING>[^"]*)"?)')
_BLANKS = re.compile(r"[ \t\r\n]*")
_NO_KEY = "syntax error: unexpected $end, expecting STRING or KEY"


def parse_logfmt_expression(text: str) -> str:
    """The key. Raises ValueError: ``cannot parse expression [b c]: syntax error: unexpected KEY``."""
    keys: list[str] = []
    position = 0
    while not _BLANKS.fullmatch(text, position):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _error(text, _foreign(text, position) if keys else _NO_KEY)
        kind = token.lastgroup
        assert kind is not None
        if keys:
            raise _error(text, f"syntax error: unexpected {kind}")
        keys.append(token[kind])
        position = token.end()
    if not keys:
        raise _error(text, _NO_KEY)
    return keys[0]


def _foreign(text: str, position: int) -> str:
    blanks = _BLANKS.match(text, position)
    assert blanks is not None
    return f"unexpected char {text[blanks.end()]}"


def _error(text: str, detail: str) -> ValueError:
    return ValueError(f"cannot parse expression [{text}]: {detail}")
