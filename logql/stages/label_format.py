"""``| label_format a=b, c="{{.d}}"``: moves labels and writes new ones, item by item from left to right.

All templates of a stage read the labels as they are when the first template is reached.
"""

from __future__ import annotations

from collections.abc import Callable

from logql.ast import LabelFormat, LabelRename, LabelTemplate
from logql.cancel import check_query
from logql.labels import LabelState
from logql.labels.columns import has_value
from logql.labels.start import ERROR
from logql.scan.frame import Frame
from logql.stages.template_rows import TemplateRows

__all__ = ["label_format_stage"]


def label_format_stage(stage: LabelFormat) -> Callable[[Frame], Frame]:
    items = [_compiled(item) for item in stage.items]

    def apply(frame: Frame) -> Frame:
        state, snapshot = frame.labels(), None
        for item in items:
            check_query()
            if isinstance(item, LabelRename):
                state = _renamed(state, item)
                continue
            target, template = item
            snapshot = snapshot or frame.with_labels(state)
            written, error, details = template.execute(snapshot)
            state = state.set(target, written)
            state = state if error is None else state.set_error(error, details)
        return frame.with_labels(state)

    return apply


def _compiled(item: LabelRename | LabelTemplate) -> LabelRename | tuple[str, TemplateRows]:
    return item if isinstance(item, LabelRename) else (item.target, TemplateRows(item.template, "label"))


def _renamed(state: LabelState, item: LabelRename) -> LabelState:
    """The source moves where it is there; renaming a label to itself deletes it, as in Loki."""
    if item.source == ERROR:
        return state
    moved = state.lookup(item.source)
    state = state.set(item.target, moved)
    return state.delete(item.source, has_value(moved))
