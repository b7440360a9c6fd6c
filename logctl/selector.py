"""Selectors in angle brackets, ``<model="x">`` for ``{model="x"}``: for shells and pages where braces hurt.

Each bracket is replaced by one brace, so positions in the server's error texts stay right.
"""

from __future__ import annotations

import re

__all__ = ["with_braces"]

# Strings and comments hide brackets; everything else is looked at character by character.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|`[^`]*`?|#[^\n]*|\s+|[A-Za-z_][A-Za-z0-9_]*|.', re.DOTALL)
# A comparison never has a name and a matcher operator on its right side: names are no operands in LogQL.
_OPENS = re.compile(r"<\s*(?:>|[A-Za-z_][A-Za-z0-9_]*\s*(?:=~|!~|!=|=(?!=)))")
# What may stand before an expression; the empty string is the start of the query.
_BEFORE = frozenset(["", "(", ",", "+", "-", "*", "/", "%", "^", "=", ">", "<", "and", "or", "unless", "bool"])


def with_braces(query: str) -> str:
    """Return the query with the brackets of every selector turned into braces and nothing else changed."""
    pieces: list[str] = []
    before = ""
    in_braces = in_brackets = False
    for match in _TOKEN.finditer(query):
        token = match.group()
        if token == "<" and not in_braces and before in _BEFORE and _OPENS.match(query, match.start()):
            in_braces = in_brackets = True
            token = "{"
        elif token == ">" and in_brackets:
            in_braces = in_brackets = False
            token = "}"
        elif token in "{}" and not in_brackets:
            in_braces = token == "{"
        pieces.append(token)
        if not token.isspace() and not token.startswith("#"):
            before = token
    return "".join(pieces)
