"""``| label_format a=b, c="{{.d}}"``."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = ["LabelFormat", "LabelRename", "LabelTemplate"]


@dataclass(frozen=True, slots=True)
class LabelRename:
    """``target=source``: the label moves."""

    target: str
    source: str

    def __str__(self) -> str:
        return f"{self.target}={self.source}"


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """``target="template"``: the label takes the output of the template."""

    target: str
    template: str

    def __str__(self) -> str:
        return f"{self.target}={go_quote(self.template)}"


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """Items apply from left to right."""

    items: tuple[LabelRename | LabelTemplate, ...]

    def __str__(self) -> str:
        return f"| label_format {','.join(map(str, self.items))}"
