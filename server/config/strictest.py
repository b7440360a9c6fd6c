"""The limits of a question about several tenants: of each limit the strictest that any of them has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from logql.limits import QueryLimits

__all__ = ["strictest"]


def strictest(limits: Sequence[QueryLimits]) -> QueryLimits:
    """The smallest numbers other than 0, which is no limit; what all of them allow; what any of them requires."""
    return QueryLimits(
        **{each.name: _strictest([getattr(one, each.name) for one in limits]) for each in fields(QueryLimits)}
    )


def _strictest(values: list[Any]) -> Any:
    if isinstance(values[0], bool):
        return all(values)
    if isinstance(values[0], int | float):
        return min((value for value in values if value), default=0)
    if isinstance(values[0], tuple):
        return tuple(dict.fromkeys(name for value in values for name in value))
    raise AssertionError(f"no order of strictness for {values[0]!r}")
