"""One stage of a query as a function over frames. Adding a kind of stage is adding a file and a case here."""

from __future__ import annotations

from collections.abc import Callable

from logql.ast import (
    Decolorize,
    Drop,
    Keep,
    LabelFilterStage,
    LabelFormat,
    LineFilter,
    LineFormat,
    Stage,
)
from logql.scan.frame import Frame
from logql.stages.decolorize import decolorize_stage
from logql.stages.drop import drop_stage
from logql.stages.filter_labels import label_filter_stage
from logql.stages.keep import keep_stage
from logql.stages.label_format import label_format_stage
from logql.stages.line_filter import line_filter_stage
from logql.stages.line_format import line_format_stage
from logql.stages.parse import parser_stage

__all__ = ["build_stage"]


def build_stage(stage: Stage, needed: frozenset[str] | None) -> Callable[[Frame], Frame]:
    """``needed``: the labels that matter from this stage on; None means all."""
    match stage:
        case LineFilter():
            return line_filter_stage([stage])
        case LabelFilterStage():
            return label_filter_stage(stage)
        case LineFormat():
            return line_format_stage(stage)
        case LabelFormat():
            return label_format_stage(stage)
        case Decolorize():
            return decolorize_stage()
        case Drop():
            return drop_stage(stage)
        case Keep():
            return keep_stage(stage)
        case _:
            return parser_stage(stage, needed)
