"""What is wrong with a configuration: every problem at once, each with its place and its full name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ConfigError", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """``place`` is ``FILE:LINE``, ``environment SKALDLOG_...`` or ``--set``; ``name`` the setting's full name."""

    place: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.name}: {self.text}" if self.name else f"{self.place}: {self.text}"


class ConfigError(Exception):
    """The configuration cannot be used; ``str()`` has one line a problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
