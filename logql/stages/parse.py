"""Parser stages: what a parser finds in the lines becomes labels, by the rules of collision and precedence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from logql.ast import JsonParser, LogfmtParser, ParserStage
from logql.dense.extraction import dense_format, extract_dense
from logql.labels import LabelState
from logql.labels.columns import constant, has_value, stream_has
from logql.labels.start import EXTRACTED
from logql.parsers import make_extractor
from logql.parsers.extracted import Defaults, Extracted
from logql.scan.frame import Frame

__all__ = ["parser_stage"]


def parser_stage(stage: ParserStage, needed: frozenset[str] | None) -> Callable[[Frame], Frame]:
    """``needed``: the labels that anything after this stage looks at; None means all."""
    extractor, format_name = make_extractor(stage), dense_format(stage)
    extractions = stage.extractions if isinstance(stage, JsonParser | LogfmtParser) else ()
    names = frozenset(each.name for each in extractions)
    # In Loki each line is held to a path of JSON as long as any label is needed, be it another one.
    judges_all = isinstance(stage, JsonParser) and bool(names)
    sees_errors = needed is None or bool(needed)  # unpack runs for the line even where no label is needed

    def apply(frame: Frame) -> Frame:
        wanted = _settable(frame, needed, names)
        if judges_all and wanted is not None and not wanted & names:
            wanted = None
        extracted = extract_dense(frame, format_name, extractor, wanted) if format_name else None
        extracted = extracted or extractor.extract(frame.line(), wanted)
        state = _with_labels(frame.labels(needed), extracted, sees_errors)
        frame = frame.with_labels(state)
        return frame if extracted.lines is None else frame.with_line(extracted.lines)

    return apply


def _settable(frame: Frame, needed: frozenset[str] | None, names: frozenset[str]) -> frozenset[str] | None:
    """``needed`` without what every stream here has as a label: a parser would set ``NAME_extracted`` instead.

    So reading a line can stop when the others are found; where there are no others (among ``names``, where the stage
    says what it looks for), it is read as if it could not.
    """
    if needed is None:
        return None
    streams = [frame.source.streams[number] for number in frame.source.present]
    taken = {name for name in needed if name + EXTRACTED not in needed and all(name in each for each in streams)}
    settable = needed - taken
    has_others = bool(settable & names) if names else bool(settable)
    return settable if has_others else needed


def _with_labels(state: LabelState, extracted: Extracted, sees_errors: bool) -> LabelState:
    before = state
    state = state.extract_all(extracted.columns, extracted.overwrites)
    if extracted.defaults is not None:
        state = _with_defaults(state, before, extracted, extracted.defaults)
    if not sees_errors or not extracted.has_error.any():
        return state
    error = constant(extracted.error, extracted.has_error)
    return state.set_error(error, extracted.errors or constant("", np.zeros(len(state), np.bool_)))


def _with_defaults(state: LabelState, before: LabelState, extracted: Extracted, defaults: Defaults) -> LabelState:
    """Identifiers without a value become empty labels; see ``Defaults`` for where."""
    for name in defaults.names:
        if defaults.replaces_parsed:
            is_label = stream_has(before.streams, before.stream, name)
            if name in before.metadata:
                is_label = is_label | has_value(before.metadata[name])
            if name in extracted.columns:
                is_label = is_label | has_value(extracted.columns[name])
        else:
            is_label = has_value(state.lookup(name))
        state = state.set(name, constant("", defaults.rows & ~is_label))
    return state
