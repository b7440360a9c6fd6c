"""A query for somebody who may not see all streams: the same tree with more matchers in every selector."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from logql.ast.log_query import LogQuery
from logql.ast.matcher import Matcher
from logql.ast.selector import Selector

__all__ = ["narrowed"]

T = TypeVar("T")


def narrowed(node: T, matchers: tuple[Matcher, ...]) -> T:
    """``node`` with ``matchers`` behind those of each selector in it. Trees are no deeper than the parser allows."""
    if isinstance(node, LogQuery):
        # Stages hold no selectors.
        return replace(node, selector=Selector((*node.selector.matchers, *matchers)))
    assert is_dataclass(node)
    changed = {each.name: _member(getattr(node, each.name), matchers) for each in fields(node)}
    return cast(T, replace(cast(Any, node), **changed)) if changed else node


def _member(value: Any, matchers: tuple[Matcher, ...]) -> Any:
    if isinstance(value, tuple):
        return tuple(_member(each, matchers) for each in value)
    return narrowed(value, matchers) if is_dataclass(value) else value
