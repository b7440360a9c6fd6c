"""Label filters: one file for each way of reading a label's value, and ``stage`` for ``and``, ``or`` and the rest."""

from logql.stages.label_filter.stage import LabelPredicate, label_predicate

__all__ = ["LabelPredicate", "label_predicate"]
