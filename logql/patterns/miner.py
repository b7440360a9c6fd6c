"""Templates of sampled lines, in bounded memory: at most so many of a shape, and a piece of each line."""

from __future__ import annotations

from collections import Counter

from logql.parsers.json_rows import json_row
from logql.patterns.template import GAP, Template, split_words
from logql.syntax.pattern_expression import PatternExpression

__all__ = ["Miner"]

_PIECE_CHARACTERS = 1024  # of a line; what follows is a gap
_TEMPLATES_OF_A_SHAPE = 16
_LONGEST_JSON = 32_768  # characters; longer lines are mined as text
_MESSAGES = ("message", "msg", "msg_", "_msg", "content")


class Miner:
    """``add`` lines, then ask for ``patterns``."""

    def __init__(self) -> None:
        self._templates: dict[tuple[str, ...], list[Template]] = {}
        self._endings: dict[tuple[str, ...], tuple[str, str]] = {}

    def add(self, line: str) -> None:
        """Of a JSON line only the message counts, where it has one."""
        before, text, after = _mined(line)
        shape, words = split_words(text)
        key = (before, *shape, after)
        templates = self._templates.setdefault(key, [])
        self._endings[key] = before, after
        for template in templates:
            if template.takes(words):
                template.add(words)
                return
        if len(templates) < _TEMPLATES_OF_A_SHAPE:
            templates.append(Template.of(shape, words))

    def patterns(self, limit: int) -> list[str]:
        """The line patterns of the most lines, those that say most first, so that they are tried before vague ones."""
        counts: Counter[str] = Counter()
        for key, templates in self._templates.items():
            before, after = self._endings[key]
            for template in templates:
                pattern = f"{before}{template.text}{after}".replace(GAP + GAP, GAP)
                if template.says_something and _is_valid(pattern):
                    counts[pattern] += template.count
        return sorted((pattern for pattern, _ in counts.most_common(limit)), key=_literal_size, reverse=True)


def _mined(line: str) -> tuple[str, str, str]:
    """What is mined of a line, and the gaps before and behind it."""
    text, before = _message(line), GAP
    if text is None:
        text, before = line, ""
    after = GAP if before or len(text) > _PIECE_CHARACTERS else ""
    return before, text[:_PIECE_CHARACTERS], after


def _message(line: str) -> str | None:
    """The message of a JSON line, if it stands there as it is read."""
    if not line.startswith("{") or len(line) > _LONGEST_JSON:
        return None
    row = json_row(line.encode(), frozenset(_MESSAGES))
    text = next((row.labels[name] for name in _MESSAGES if row.labels.get(name)), None)
    return text if text is not None and f'"{text}"' in line else None


def _is_valid(pattern: str) -> bool:
    try:
        PatternExpression.for_line_filter(pattern)
    except ValueError:
        return False
    return True


def _literal_size(pattern: str) -> int:
    return len(pattern.replace(GAP, ""))
