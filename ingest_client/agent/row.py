"""A line on its way through the pipeline.

Labels and metadata are shared between rows and never changed in place: a stage that changes them puts a new mapping
there. The extracted map belongs to its row.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Row", "as_text"]

Extracted = dict[str, Any]


class Row:
    """``ts_ns`` is the time of reading until a stage sets another; ``source`` names the file or unit it came from."""

    __slots__ = ("extracted", "labels", "line", "metadata", "source", "ts_ns")

    def __init__(
        self,
        line: str,
        ts_ns: int,
        labels: dict[str, str],
        source: str = "",
        metadata: dict[str, str] | None = None,
        extracted: Extracted | None = None,
    ) -> None:
        self.line = line
        self.ts_ns = ts_ns
        self.labels = labels
        self.source = source
        self.metadata: dict[str, str] = metadata or {}
        self.extracted: Extracted = dict(labels) if extracted is None else extracted

    def to_json(self) -> list[Any]:
        """What survives a restart in the place where this row waits."""
        return [self.line, self.ts_ns, self.labels, self.source, self.metadata, self.extracted]

    @classmethod
    def from_json(cls, fields: list[Any]) -> Row:
        """The inverse."""
        return cls(*fields)

    def __repr__(self) -> str:
        return f"Row({self.line!r}, {self.ts_ns}, {self.labels}, {self.metadata}, {self.extracted})"


def as_text(value: object) -> str | None:
    """An extracted value as a label has it; None for nothing and for what has no text (lists, objects)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else _plain(value)
    return None


def _plain(value: float) -> str:
    text = repr(value)
    return f"{value:.20f}".rstrip("0") if "e-" in text else text
