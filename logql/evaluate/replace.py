"""``label_replace``: a label made of another one by a regular expression."""

from __future__ import annotations

from typing import cast

from logql.ast import LabelReplace
from logql.evaluate.expansion import Match, expand
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.values.regex import Regex, compile_regex
from storage.labels import Labels

__all__ = ["label_replace"]


def label_replace(expr: LabelReplace, series: SeriesSet) -> SeriesSet:
    """Series that get equal labels stay series of their own where both have a sample at a point."""
    regex = compile_regex(f"^(?:{expr.regex})$")
    labels = [_replaced(expr, regex, each) for each in series.labels]
    return SeriesSet.joined(labels, series.values, series.present)


def _replaced(expr: LabelReplace, regex: Regex, labels: Labels) -> Labels:
    match = cast("Match | None", regex.search(labels.get(expr.source, "")))
    if match is None:
        return labels
    text = expand(expr.replacement, match, regex.groupindex)
    kept = LabelKey(without=frozenset((expr.target,)), drops_empty=True).project(labels)
    return kept.merged({expr.target: text}) if text else kept
