"""``blocked_queries`` as an operator writes them."""

from __future__ import annotations

from typing import Any

from logql.blocked import BlockedQuery, QueryType
from logql.values.regex import compile_regex
from server.config.kinds import BOOL, TEXT, TEXTS, Kind, choice, from_json, whole

__all__ = ["BLOCKED_QUERIES"]

_FIELDS = ("pattern", "regex", "types", "hash")
_HASH = whole(0, 2**32 - 1)
_TYPE = choice(*QueryType)
_HELP = (
    "write a list of {pattern: '.*prod.*', regex: true, types: filter,limited, hash: 2943214005}, at least one of them"
)


def _read(raw: Any) -> tuple[BlockedQuery, ...]:
    """A YAML list, or the same as JSON in one text."""
    raw = from_json(raw, [], _HELP)
    if not isinstance(raw, list | None):
        raise ValueError(f"{raw!r} is not a list: {_HELP}")
    return tuple(map(_blocked, raw or ()))


def _blocked(item: Any) -> BlockedQuery:
    if not isinstance(item, dict) or not item.keys() <= set(_FIELDS):
        raise ValueError(f"{item!r} says nothing of a query: {_HELP}")
    blocked = BlockedQuery(
        TEXT.read(item.get("pattern", "")),
        BOOL.read(item.get("regex", False)),
        tuple(QueryType(_TYPE.read(word)) for word in TEXTS.read(item.get("types", ""))),
        _HASH.read(item.get("hash", 0)),
    )
    if not (blocked.pattern or blocked.types or blocked.hash):
        raise ValueError(f"{item!r} would block every query: name types, or give the pattern '.*' with regex: true")
    if blocked.regex:
        _check_regex(blocked.pattern)
    return blocked


def _check_regex(pattern: str) -> None:
    try:
        compile_regex(pattern)
    except ValueError as error:
        raise ValueError(f"the pattern {pattern!r} is wrong: {error}") from None


def _show(blocked: tuple[BlockedQuery, ...]) -> list[dict[str, Any]]:
    return [{name: value for name in _FIELDS if (value := _shown(getattr(each, name)))} for each in blocked]


def _shown(value: Any) -> Any:
    return ",".join(value) if isinstance(value, tuple) else value


BLOCKED_QUERIES = Kind("list of queries", _read, _show)
