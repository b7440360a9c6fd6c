"""``| line_format "{{.msg}}"``: the line becomes the output of the template; where it fails the line stays."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow.compute as pc

from logql.ast import LineFormat
from logql.labels.columns import has_value
from logql.scan.frame import Frame
from logql.stages.template_rows import TemplateRows

__all__ = ["line_format_stage"]


def line_format_stage(stage: LineFormat) -> Callable[[Frame], Frame]:
    template = TemplateRows(stage.template, "line")

    def apply(frame: Frame) -> Frame:
        written, error, details = template.execute(frame)
        lines = written.values.take(written.codes.clip(0)) if len(written.values) else frame.line()
        if error is None:
            return frame.with_line(lines)
        frame = frame.with_labels(frame.labels().set_error(error, details))
        return frame.with_line(pc.if_else(has_value(written), lines, frame.line()))

    return apply
