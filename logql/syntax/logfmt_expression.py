"""The right side of ``| logfmt a="key"``: one key, plain or in quotes."""

from __future__ import annotations

import re

from logql.syntax.expression_error import expression_error, foreign_character

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
            raise foreign_character(text, position) if keys else expression_error(text, _NO_KEY)
        kind = token.lastgroup
        assert kind is not None
        if keys:
            raise expression_error(text, f"syntax error: unexpected {kind}")
        keys.append(token[kind])
        position = token.end()
    if not keys:
        raise expression_error(text, _NO_KEY)
    return keys[0]
