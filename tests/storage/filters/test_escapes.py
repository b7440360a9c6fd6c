"""Which characters of a value are looked for in the line."""

from __future__ import annotations

import pytest

from storage.filters.escapes import hides_text, plain_pieces


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        ("", []),
        ("9f3c-2e", ["9f3c-2e"]),
        ("out of memory", ["out", "of", "memory"]),  # logfmt reads U+FFFD as a blank
        ('say "hi"\n', ["say", "hi"]),
        ("a/b<c>d&e'f+g=h", list("abcdefgh")),
        ("é", []),
        ("user:42@host", ["user:42@host"]),
    ],
)
def test_pieces_are_what_no_writer_escapes(value: str, pieces: list[str]) -> None:
    assert plain_pieces(value) == pieces


@pytest.mark.parametrize(
    ("line", "hides"),
    [
        (b"", False),
        (rb"\u0061", True),
        (rb"x\\u0061", True),
        (rb"\u003a", True),
        (rb"\u003C\u003e\u0026\u0022\u005c\u0027\u002f\u002B\u003d", False),
        (rb"\u0020\u001f\u007f\u00e9\u0161\u20ac", False),
        (rb"\u006", False),
        (rb"\U0061 \x61 u0061", False),
    ],
)
def test_a_line_hides_text_that_it_spells_in_another_way(line: bytes, hides: bool) -> None:
    assert hides_text(line) is hides
