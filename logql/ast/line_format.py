"""``| line_format "{{.msg}}"``."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = ["LineFormat"]


@dataclass(frozen=True, slots=True)
class LineFormat:
    """The line becomes the output of the template."""

    template: str

    def __str__(self) -> str:
        return f"| line_format {go_quote(self.template)}"
