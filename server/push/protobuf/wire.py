"""Numbers shared by the kernel, its twin and their caller: what can be wrong, and where the counts of a walk stand."""

from __future__ import annotations

__all__ = ["BAD_TIME", "CAUSES", "COUNTS", "ENTRIES", "LINE_BYTES", "MESSAGES", "PAIRS", "POSITION", "STREAMS"]

# Faults of a message. Helpers of the walk answer them as negative positions.
TRUNCATED, BAD_VARINT, BAD_FIELD, BAD_WIRE_TYPE, WRONG_TYPE, BAD_TIME = 1, 2, 3, 4, 5, 6
CAUSES = {
    TRUNCATED: "unexpected end of the message",
    BAD_VARINT: "a number is longer than 64 bits",
    BAD_FIELD: "illegal field number",
    BAD_WIRE_TYPE: "unknown wire type",
    WRONG_TYPE: "a field has the wrong wire type",
    BAD_TIME: "a timestamp is out of range: nanos are 0 to 999999999",
}

# Elements of the array of counts: all stream messages, those with entries, and so on.
MESSAGES, STREAMS, ENTRIES, PAIRS, LINE_BYTES, POSITION = 0, 1, 2, 3, 4, 5
COUNTS = 6

SECONDS_MAX = 9_223_372_036
NANOS_PER_SECOND = 1_000_000_000
YEAR_1_S = -62_135_596_800
YEAR_10000_S = 253_402_300_800
