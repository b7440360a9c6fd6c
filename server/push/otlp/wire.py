"""Numbers shared by the kernel, its twin and their caller: kinds of values, counts of a walk, texts that are
always there.

What is noted of a request are spans of one row of bytes: the request, then ``CONSTANTS``, then the texts of numbers.
"""

from __future__ import annotations

from server.push.protobuf.wire import CAUSES as PUSH_CAUSES
from server.push.protobuf.wire import WRONG_TYPE

__all__ = ["CAUSES", "CONSTANTS", "COUNTS", "WRONG_TYPE", "spans_of_constants"]

# Kinds of a value: the numbers of its fields. Those from DOUBLE on are left open by the walk.
NOTHING, STRING, BOOL, INT, DOUBLE, ARRAY, MAP, BYTES = 0, 1, 2, 3, 4, 5, 6, 7

# Elements of the array of counts. OPEN_VALUES are values left for later, RENDERED the bytes of numbers as texts.
RECORDS, RESOURCES, SCOPES, PAIRS, OPEN_VALUES, RENDERED, POSITION = 0, 1, 2, 3, 4, 5, 6
COUNTS = 7

# By number of the field; -1 where any will do.
VALUE_WIRE_TYPES = (-1, 2, 0, 0, 1, 2, 2, 2)
RECORD_WIRE_TYPES = (-1, 1, 0, 2, -1, 2, 2, 0, 5, 2, 2, 1)

# An id has so many bytes or none.
TRACE_ID_BYTES, SPAN_ID_BYTES = 16, 8
BAD_ID = 7
CAUSES = {**PUSH_CAUSES, BAD_ID: "a trace id has 16 bytes and a span id 8"}

_TEXTS = (
    b"observed_timestamp",
    b"severity_number",
    b"severity_text",
    b"dropped_attributes_count",
    b"flags",
    b"trace_id",
    b"span_id",
    b"false",
    b"true",
)
CONSTANTS = b"".join(_TEXTS)
# Where each of them stands.
OBSERVED, NUMBER, TEXT, DROPPED, FLAGS, TRACE, SPAN, FALSE, TRUE = range(len(_TEXTS))


def spans_of_constants() -> list[tuple[int, int]]:
    """(start, end) in ``CONSTANTS`` of each text."""
    ends = [sum(map(len, _TEXTS[: index + 1])) for index in range(len(_TEXTS))]
    return [(end - len(text), end) for text, end in zip(_TEXTS, ends, strict=True)]
