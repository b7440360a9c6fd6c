"""Labels of entries on their way through a pipeline: three categories, two error slots, and who wins."""

from logql.labels.state import LabelState

__all__ = ["LabelState"]
