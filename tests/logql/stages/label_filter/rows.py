"""Label states of few rows, and what a label filter says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from logql.ast import LabelFilterStage
from logql.labels import LabelState
from logql.stages.label_filter import label_predicate
from tests.logql.frames import frame_of, stage_of

__all__ = ["judged", "metadata_state", "verdict"]

ERROR, DETAILS = "__error__", "__error_details__"


def metadata_state(rows: Sequence[Mapping[str, str]]) -> LabelState:
    """Rows of one stream with these labels as structured metadata; "" there is a value like others."""
    return frame_of([({"app": "web"}, number, "", row) for number, row in enumerate(rows)]).labels()


def judged(tail: str, rows: Sequence[Mapping[str, str]]) -> list[tuple[bool, str | None, str | None]]:
    """Whether each row passes, with the error and the details that it has then."""
    stage = stage_of(tail)
    assert isinstance(stage, LabelFilterStage)
    passes, state = label_predicate(stage.label_filter)(metadata_state(rows), np.ones(len(rows), np.bool_))
    after = [state.labels(row) for row in range(len(rows))]
    return [(bool(own), labels.get(ERROR), labels.get(DETAILS)) for own, labels in zip(passes, after, strict=True)]


def verdict(tail: str, value: str | None) -> tuple[bool, str | None]:
    """For the label ``v`` with this value (None: without it) whether it passes, and the details of its error.

    Rows with other values stand around it.
    """
    rows = [{"v": "9"}, {} if value is None else {"v": value}, {}, {"v": "bad"}]
    passes, error, details = judged(tail, rows)[1]
    assert error == (None if details is None else "LabelFilterErr")
    return passes, details
