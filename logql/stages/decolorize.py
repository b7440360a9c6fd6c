"""``| decolorize``: the line without ANSI escape sequences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow.compute as pc

from logql.scan.frame import Frame
from logql.stages.line_filter.contains import contains

__all__ = ["decolorize_stage"]

# The widely known expression for ANSI sequences, over UTF-8 text: the second introducer is U+009B.
_ANSI = (
    r"[\x{1b}\x{9b}][\[\]()#;?]*"
    r"(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x{07})|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))"
)
_has_escape, _has_csi = contains("\x1b"), contains("\x9b")


def decolorize_stage() -> Callable[[Frame], Frame]:
    def apply(frame: Frame) -> Frame:
        lines = frame.line()
        if not np.any(_has_escape(lines) | _has_csi(lines)):
            return frame
        return frame.with_line(pc.replace_substring_regex(lines, _ANSI, ""))

    return apply
