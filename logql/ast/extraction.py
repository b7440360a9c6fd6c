"""One expression of ``| json`` or ``| logfmt``: ``name="path"``."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = ["Extraction"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """The label ``name`` takes what ``expression`` finds; a bare name is its own expression."""

    name: str
    expression: str

    def __str__(self) -> str:
        return f"{self.name}={go_quote(self.expression)}"
