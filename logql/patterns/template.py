"""Lines of one shape as one text with gaps: the words in which they differ.

A word holds nothing of what stands between words, so each line of a template matches the template's pattern as a line
pattern (``|>``). A template may be written down, and read again as if it were a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from logql.patterns.pieces import Kind, has_capture, split_words

__all__ = ["GAP", "Template", "Templates", "pattern_of", "read_template"]

GAP = "<_>"
_MARKS = "=~{"  # of each kind, before the text of a template that is written down
_DIGIT = re.compile(rb"[0-9]")
_DIFFERENT_AT_MOST = 0.4  # of the words
_TEMPLATES_OF_A_SHAPE = 16

Shape = tuple[int, tuple[bytes, ...]]
Words = list[bytes | None]


@dataclass(slots=True)
class Template:
    """``words``: None where lines differ. ``number``: its own for ever, whatever becomes of its words."""

    number: int
    kind: Kind
    between: tuple[bytes, ...]
    words: Words

    @property
    def shape(self) -> Shape:
        return self.kind, self.between

    def takes(self, words: Words) -> bool:
        """Whether words between which the same stands are alike enough. A difference in digits does not count."""
        differences = sum(
            own is not None and word is not None and own != word and not (_DIGIT.search(own) or _DIGIT.search(word))
            for own, word in zip(self.words, words, strict=True)
        )
        return differences <= _DIFFERENT_AT_MOST * len(words)

    def add(self, words: Words) -> bool:
        """Answers whether that widens it."""
        joined = [own if own == word else None for own, word in zip(self.words, words, strict=True)]
        is_wider, self.words = joined != self.words, joined
        return is_wider

    def pieces(self) -> Iterator[bytes | None]:
        """What is between words, and words, by turns."""
        yield self.between[0]
        for word, between in zip(self.words, self.between[1:], strict=True):
            yield word
            yield between

    @property
    def says_something(self) -> bool:
        """Whether a word is left beside the gaps."""
        return any(word is not None for word in self.words)

    @property
    def written(self) -> str:
        """What ``read_template`` reads."""
        gap = GAP.encode()
        return _MARKS[self.kind] + b"".join(gap if piece is None else piece for piece in self.pieces()).decode()


def pattern_of(written: str) -> str:
    """The line pattern of a template that was written down."""
    kind, text = _MARKS.index(written[0]), written[1:]
    before, after = GAP if kind == Kind.MESSAGE else "", "" if kind == Kind.WHOLE else GAP
    return f"{before}{text}{after}".replace(GAP + GAP, GAP)


def read_template(written: str) -> tuple[Shape, Words]:
    """The shape and words of a template that was written down. Raises ValueError for what is none."""
    if written[:1] not in tuple(_MARKS):
        raise ValueError(f"no template: {written[:40]!r}")
    return shape_and_words(Kind(_MARKS.index(written[0])), written[1:].encode())


def shape_and_words(kind: Kind, piece: bytes) -> tuple[Shape, Words]:
    """Of what is mined of a line. A word that a pattern would read as a capture is a gap."""
    between, words = split_words(piece)
    return (kind, between), [None if has_capture(word) else word for word in words]


class Templates:
    """Templates by shape, of each a bounded number. ``made``: how many there ever were; their numbers are below it."""

    def __init__(self) -> None:
        self._of_shape: dict[Shape, list[Template]] = {}
        self.made = 0

    def learn(self, shape: Shape, words: Words) -> tuple[Template | None, bool]:
        """The template that takes the words, a new one if need be, and whether anything changed by that.

        None where there is no room for another one.
        """
        templates = self._of_shape.setdefault(shape, [])
        for template in templates:
            if template.takes(words):
                return template, template.add(words)
        if len(templates) == _TEMPLATES_OF_A_SHAPE:
            return None, False
        templates.append(Template(self.made, Kind(shape[0]), shape[1], list(words)))
        self.made += 1
        return templates[-1], True

    def forget(self, numbers: Sequence[int]) -> None:
        gone = set(numbers)
        for shape, templates in list(self._of_shape.items()):
            left = [template for template in templates if template.number not in gone]
            if left:
                self._of_shape[shape] = left
            else:
                del self._of_shape[shape]

    def __iter__(self) -> Iterator[Template]:
        return (template for templates in self._of_shape.values() for template in templates)

    def __len__(self) -> int:
        return sum(map(len, self._of_shape.values()))
