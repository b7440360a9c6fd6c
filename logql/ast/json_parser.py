"""``| json`` and ``| json a="b.c", d``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.extraction import Extraction

__all__ = ["JsonParser"]


@dataclass(frozen=True, slots=True)
class JsonParser:
    """Without extractions every member of the line's object becomes a label."""

    extractions: tuple[Extraction, ...] = ()

    def __str__(self) -> str:
        return f"| json {','.join(map(str, self.extractions))}".rstrip()
