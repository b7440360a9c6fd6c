"""What a push can be refused with, and the names under which refused lines are counted."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PushError", "Reason"]


class PushError(Exception):
    """A refusal to answer with: the HTTP ``status`` and the ``text`` for the client, without a final newline."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Reason(StrEnum):
    """Why a line was refused: values of the ``reason`` label of the discard counters."""

    MISSING_LABELS = "missing_labels"
    TOO_MANY_LABELS = "max_label_names_per_series"
    LABEL_NAME_TOO_LONG = "label_name_too_long"
    LABEL_VALUE_TOO_LONG = "label_value_too_long"
    DUPLICATE_LABELS = "duplicate_label_names"
    TOO_OLD = "greater_than_max_sample_age"
    TOO_NEW = "too_far_in_future"
    LINE_TOO_LONG = "line_too_long"
    METADATA_DISALLOWED = "disallowed_structured_metadata"
    METADATA_TOO_LARGE = "structured_metadata_too_large"
    METADATA_TOO_MANY = "structured_metadata_too_many"
    RATE_LIMITED = "rate_limited"
    STREAM_LIMIT = "stream_limit"
    STREAM_RATE = "per_stream_rate_limit"
    MISSING_ENFORCED_LABELS = "missing_enforced_labels"
    BLOCKED = "blocked_ingestion"
