"""Keywords count in any case."""

from __future__ import annotations

import pytest

from logql.syntax import parse


@pytest.mark.parametrize(
    "text",
    [
        "vector(1) and vector(2)",
        "vector(1) or vector(2)",
        "vector(1) unless vector(2)",
        "vector(1) == bool 1",
        "vector(1) * ignoring (x) group_right (y) vector(2)",
        "vector(1) + on (x) group_left (y) vector(2)",
        'sum without (x) (rate({x="y"}[1m]))',
        'quantile_over_time(0.5, {x="y"} | unwrap duration_seconds(z)[1m]) by (x) or absent_over_time({x="y"}[1m])',
        'bottomk by (x) (1, sort_desc(count_over_time({x="y"}[1m] offset 5m)))',
        '{x="y"} | json | logfmt | unpack | decolorize | drop x | keep x',
        '{x="y"} | x > 5 and y < 3 or z = "1"',
        '{x="y"} |= "1" or "2" | regexp "(?P<x>.)" | pattern "<x>" | line_format "x" | label_format y=x',
        'label_replace(rate({x="y"}[1m]), "1", "2", "3", "4")',
    ],
)
def test_keywords_count_in_any_case(text: str) -> None:
    for spelt in (str.upper, str.title):
        # Names and texts are x, y, z and digits, which have but one meaning here.
        other = "".join(spelt(word) if word not in ("x", "y", "z", "P", "m") else word for word in _words(text))
        assert parse(other) == parse(text), other


def _words(text: str) -> list[str]:
    words, word = [], ""
    for character in text + " ":
        if character.isalpha() or character == "_":
            word += character
            continue
        words += [word, character]
        word = ""
    return [word for word in words[:-1] if word]
