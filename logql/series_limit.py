"""The limit of series that one query may answer with."""

from __future__ import annotations

from logql.errors import LimitExceeded

__all__ = ["TooManySeries", "reached"]


def reached(limit: int) -> str:
    """What warnings and errors begin with."""
    return f"maximum number of series ({limit}) reached for a single query; "


class TooManySeries(LimitExceeded):
    """The answer would have more than ``limit`` series."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            reached(limit) + "consider reducing query cardinality by adding more specific stream selectors, reducing "
            "the time range, or aggregating results with functions like sum(), count() or topk()"
        )
