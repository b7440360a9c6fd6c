"""Lines of one shape as one text with gaps: the words in which they differ.

A shape is what stands between words: blanks, brackets, quotes and the like. A word holds none of it, so each line of a
template matches the template's text as a line pattern (``|>``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

__all__ = ["GAP", "Template", "split_words"]

GAP = "<_>"
# What a pattern would read as a capture is a word, too, and always a gap.
_CAPTURE = re.compile(r"<[A-Za-z_][A-Za-z0-9_]*>")
_WORD = re.compile(rf"{_CAPTURE.pattern}|[^\s=:,;\"'\[\](){{}}<>|]+")
_DIGIT = re.compile(r"[0-9]")
_REPEATED_GAPS = re.compile(rf"(?:{GAP}){{2,}}")
_DIFFERENT_AT_MOST = 0.4  # of the words


def split_words(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The shape, which is one longer than the words, and the words."""
    words = _WORD.findall(text)
    return tuple(_WORD.split(text)), words


@dataclass(slots=True)
class Template:
    """``words``: None where lines differ. ``count``: how many lines it was made of."""

    shape: tuple[str, ...]
    words: list[str | None] = field(default_factory=list)
    count: int = 0

    @classmethod
    def of(cls, shape: tuple[str, ...], words: Sequence[str]) -> Template:
        """Of one line."""
        return cls(shape, [None if _CAPTURE.fullmatch(word) else word for word in words], 1)

    def takes(self, words: Sequence[str]) -> bool:
        """Whether a line of the same shape is alike enough. Where there are digits, a difference does not count."""
        differences = sum(
            own is not None and own != word and not (_DIGIT.search(own) or _DIGIT.search(word))
            for own, word in zip(self.words, words, strict=True)
        )
        return differences <= _DIFFERENT_AT_MOST * len(words)

    def add(self, words: Sequence[str]) -> None:
        self.words = [own if own == word else None for own, word in zip(self.words, words, strict=True)]
        self.count += 1

    @property
    def text(self) -> str:
        """As a line pattern; no two gaps are side by side."""
        words = (GAP if word is None else word for word in self.words)
        parts = (part for pair in zip_longest(self.shape, words, fillvalue="") for part in pair)
        return _REPEATED_GAPS.sub(GAP, "".join(parts))

    @property
    def says_something(self) -> bool:
        """Whether a word is left beside the gaps."""
        return any(word is not None for word in self.words)
