"""Backslash escapes in quoted texts: what JSON and logfmt have in common. What one of them refuses is its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["JSON_ESCAPES", "LONE_SURROGATE", "with_escapes_replaced"]

JSON_ESCAPES: Mapping[str, str] = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.?))", re.DOTALL)
_PAIRED = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def with_escapes_replaced(text: str, short: Mapping[str, str]) -> str | None:
    """``text`` with its escapes as the characters that they stand for; None where one is not in ``short``.

    Surrogates in pairs are joined; one alone stays for the caller to judge.
    """
    parts, position = [], 0
    for found in _ESCAPE.finditer(text):
        parts.append(text[position : found.start()])
        position = found.end()
        if found[1]:
            parts.append(chr(int(found[1], 16)))
        elif found[2] in short:
            parts.append(short[found[2]])
        else:
            return None
    return _PAIRED.sub(_joined, "".join([*parts, text[position:]]))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
