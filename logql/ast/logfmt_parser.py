"""``| logfmt --strict --keep-empty a="b", d``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.extraction import Extraction

__all__ = ["LogfmtParser"]


@dataclass(frozen=True, slots=True)
class LogfmtParser:
    """Without extractions every pair of the line becomes a label."""

    strict: bool = False
    keep_empty: bool = False
    extractions: tuple[Extraction, ...] = ()

    def __str__(self) -> str:
        parts = ["| logfmt", *["--strict"] * self.strict, *["--keep-empty"] * self.keep_empty]
        if self.extractions:
            parts.append(",".join(map(str, self.extractions)))
        return " ".join(parts)
