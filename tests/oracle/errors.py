"""How a query can fail, and how the oracle says that the language page leaves an answer open."""

from __future__ import annotations

__all__ = ["OracleError", "Unspecified"]


class OracleError(Exception):
    """The query has no answer. ``kind`` is ``pipeline`` (an error label was met) or ``matching`` (two vectors)."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class Unspecified(Exception):
    """More than one answer is right (ties at the edge of topk, defects the page does not describe)."""
