"""Numbers as Go reads them, with the texts of its errors."""

from __future__ import annotations

import re

from server.http.errors import BadRequest
from server.notation.sizes import parse_size
from storage.text import go_quote

__all__ = ["DECIMAL", "parse_go_int", "parse_limit", "parse_shard_size"]

# [0-9], not \d: Python would take the digits of every script.
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_SIZE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?[KMGT]?i?B\Z", re.IGNORECASE)
_INT64_DIGITS = 20


def parse_go_int(text: str, function: str = "ParseInt") -> int:
    """A signed 64-bit decimal. ValueError with the text of ``strconv.<function>``."""
    if not _INTEGER.match(text):
        raise ValueError(f"strconv.{function}: parsing {go_quote(text)}: invalid syntax")
    value = int(text) if len(text.lstrip("+-0")) <= _INT64_DIGITS else 2**64
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"strconv.{function}: parsing {go_quote(text)}: value out of range")
    return value


def parse_limit(text: str, default: int = 100) -> int:
    """``limit``: at least 1."""
    if not text:
        return default
    try:
        limit = parse_go_int(text, "Atoi")
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if limit < 1:
        raise BadRequest("limit must be a positive value")
    return limit


def parse_shard_size(text: str) -> int:
    """``targetBytesPerShard``, in bytes or with a unit: at least 1, and no default."""
    try:
        size = parse_size(text) if _SIZE.match(text) else parse_go_int(text or "0")
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if size < 1:
        raise BadRequest("targetBytesPerShard must be a positive value")
    return size
