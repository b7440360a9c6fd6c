"""Which labels the stages of a pipeline look at, so that parsers extract no others."""

from __future__ import annotations

from collections.abc import Iterable

from logql.ast import (
    Drop,
    Keep,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LabelRename,
    LabelTemplate,
    LineFormat,
    Matcher,
    Stage,
    walk,
)
from logql.labels.start import ERROR, ERROR_DETAILS, EXTRACTED
from logql.template import Template

__all__ = ["clears_errors", "closed", "filtered_names", "read_names", "reads_errors", "removes_labels"]


def read_names(stages: Iterable[Stage]) -> frozenset[str] | None:
    """The labels that the stages read; None when any may be read.

    What drop and keep test does not count: it decides on the tested label alone.
    """
    names: set[str] = set()
    for stage in stages:
        read = _read_by(stage)
        if read is None:
            return None
        names |= read
    return frozenset(names)


def closed(names: frozenset[str]) -> frozenset[str]:
    """With the names that these stand for when they collide."""
    return names | {name.removesuffix(EXTRACTED) for name in names}


def filtered_names(label_filter: LabelFilter) -> frozenset[str]:
    """The labels that a label filter tests."""
    match label_filter:
        case LabelFilterMatch(matcher):
            return frozenset({matcher.name})
        case LabelFilterAnd(filters) | LabelFilterOr(filters):
            return frozenset().union(*map(filtered_names, filters))
        case _:
            return frozenset({label_filter.name})


def clears_errors(stage: Stage) -> bool:
    """Whether the stage empties an error slot, which every metric query looks at, whatever labels it needs."""
    targets = stage.targets if isinstance(stage, Drop) else ()
    return any((each.name if isinstance(each, Matcher) else each) in (ERROR, ERROR_DETAILS) for each in targets)


def removes_labels(stage: Stage) -> bool:
    """Whether labels go in it: in Loki the empty ones of a series go then, too."""
    renames = stage.items if isinstance(stage, LabelFormat) else ()
    return isinstance(stage, Drop | Keep) or any(isinstance(item, LabelRename) for item in renames)


def reads_errors(stages: Iterable[Stage]) -> bool:
    """Whether label filters among the stages look at errors; those of addresses do, as they judge no faulty entry."""
    filters = (stage.label_filter for stage in stages if isinstance(stage, LabelFilterStage))
    nodes = (node for label_filter in filters for node, _ in walk(label_filter))
    return any(isinstance(node, LabelFilterIp) or (isinstance(node, Matcher) and node.name == ERROR) for node in nodes)


def _read_by(stage: Stage) -> frozenset[str] | None:
    match stage:
        case LabelFilterStage(label_filter):
            return filtered_names(label_filter)
        case LineFormat(template):
            return Template.parse(template, "line").fields
        case LabelFormat(items):
            return _read_by_format(items)
        case _:
            return frozenset()


def _read_by_format(items: Iterable[LabelRename | LabelTemplate]) -> frozenset[str] | None:
    names: frozenset[str] = frozenset()
    for item in items:
        if isinstance(item, LabelRename):
            names |= {item.source}
            continue
        read = Template.parse(item.template, "label").fields
        if read is None:
            return None
        names |= read
    return names
