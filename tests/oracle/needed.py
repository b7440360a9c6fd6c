"""Sections 13 and 17.2: which labels a pipeline must extract, because errors behind the last of them are not seen.

Log queries and series that keep all labels need everything. What it means that a needed label was found, when its
name collides or another stage has set it before, the page leaves open: see ``reading``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from logql.ast import (
    Grouping,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterMatch,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LabelRename,
    LineFormat,
    Stage,
    Unwrap,
)
from tests.oracle.names import EXTRACTED

__all__ = ["EVERYTHING", "Needed", "needed_for"]

_FIELD = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class Needed:
    """``names`` is None when every label is."""

    names: frozenset[str] | None

    @property
    def is_nothing(self) -> bool:
        return self.names is not None and not self.names

    @property
    def keeps_parser_errors(self) -> bool:
        """Section 13, case 4: entries with a parser error are then counted instead of failing the query."""
        return self.names is not None and "__error__" in self.names

    def wants(self, name: str) -> bool:
        return self.names is None or name in self.names

    def wants_inside(self, prefix: str) -> bool:
        return self.names is None or any(name.startswith(prefix) for name in self.names)

    def is_found_in(self, found: set[str]) -> bool:
        return self.names is not None and self.names <= found


EVERYTHING = Needed(None)


def needed_for(stages: Iterable[Stage], unwrap: Unwrap | None, grouping: Grouping | None) -> Needed:
    """``grouping`` is that of the range aggregation, or of a sum directly over it; None keeps all labels."""
    if grouping is None or grouping.without:
        return EVERYTHING
    names = {*grouping.names, *_used(stages)}
    if unwrap is not None:
        names |= {unwrap.name, *_used_after(unwrap)}
    return Needed(frozenset(names | {name.removesuffix(EXTRACTED) for name in names}))


def _used(stages: Iterable[Stage]) -> Iterator[str]:
    for stage in stages:
        match stage:
            case LabelFilterStage(label_filter):
                yield from _names_of(label_filter)
            case LineFormat(template):
                yield from _fields(template)
            case LabelFormat(items):
                for item in items:
                    yield from [item.source] if isinstance(item, LabelRename) else _fields(item.template)


def _used_after(unwrap: Unwrap) -> Iterator[str]:
    for label_filter in unwrap.filters:
        yield from _names_of(label_filter)


def _names_of(label_filter: LabelFilter) -> Iterator[str]:
    match label_filter:
        case LabelFilterAnd(filters) | LabelFilterOr(filters):
            for inner in filters:
                yield from _names_of(inner)
        case LabelFilterMatch(matcher):
            yield matcher.name
        case _:
            yield label_filter.name


def _fields(template: str) -> list[str]:
    return _FIELD.findall("".join(re.findall(r"\{\{.*?\}\}", template, re.DOTALL)))
