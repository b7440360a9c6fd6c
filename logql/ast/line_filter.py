"""Line filters: ``|= "a" or "b"``, ``!~ "x.*"``, ``|> "<_> failed"``, ``|= ip("10.0.0.0/8")``.

Negative filters have exactly one alternative: ``!= "a" or "b"`` is read as ``!= "a" != "b"``, which means the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.text import go_quote

__all__ = ["LineFilter", "LineFilterOp", "LineIp", "LineText"]


class LineFilterOp(StrEnum):
    CONTAINS = "|="
    NOT_CONTAINS = "!="
    MATCHES = "|~"
    NOT_MATCHES = "!~"
    PATTERN = "|>"
    NOT_PATTERN = "!>"

    @property
    def is_negative(self) -> bool:
        return self.value.startswith("!")


@dataclass(frozen=True, slots=True)
class LineText:
    """Substring, regular expression or line pattern, as the filter's operator says."""

    text: str

    def __str__(self) -> str:
        return go_quote(self.text)


@dataclass(frozen=True, slots=True)
class LineIp:
    """An address, a CIDR or a range ``a-b``; some address in the line must lie in it."""

    pattern: str

    def __str__(self) -> str:
        return f"ip({go_quote(self.pattern)})"


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Keeps a line when one of the alternatives holds (or, negative, when its only one does not)."""

    op: LineFilterOp
    alternatives: tuple[LineText | LineIp, ...]

    def __str__(self) -> str:
        return f"{self.op.value} " + " or ".join(map(str, self.alternatives))
