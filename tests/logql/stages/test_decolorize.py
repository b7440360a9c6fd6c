"""``| decolorize``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.stages.decolorize import decolorize_stage
from storage.labels import Labels
from tests.logql.frames import line_frame, lines_of
from tests.oracle.formatting import decolorize
from tests.oracle.needed import EVERYTHING
from tests.oracle.row import Row
from tests.storage.entries import Entry

PIECES = ["\x1b", "\x9b", "[", "]", "31", "m", ";", "0", "K", "\x07", "red", "(", "#", " ", "é", "?25l", "\x1b[1;32m"]


def cleaned(*lines: str) -> list[str]:
    return lines_of(decolorize_stage()(line_frame(*lines)))


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[1;32;4mbold\x1b[m!", "bold!"),
        ("\x9b31mred", "red"),
        ("\x1b[2K\x1b[1Gtext", "text"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b[?25lhidden", "hidden"),
        ("\x1b[31m", ""),
        ("no colour", "no colour"),
        ("[31mred", "[31mred"),
        ("\x1b alone", "\x1b alone"),
        ("é\x1b[31mü\x1b[0m日", "éü日"),
        ("", ""),
    ],
)
def test_sequences_go_and_all_else_stays(line: str, plain: str) -> None:
    assert cleaned("before", line, "\x1b[1mafter") == ["before", plain, "after"]


def test_lines_without_an_escape_are_not_touched() -> None:
    frame = line_frame("a", "b")
    assert decolorize_stage()(frame) is frame


@given(lines=st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), min_size=1, max_size=6))
def test_it_is_line_by_line_what_the_expression_says(lines: list[str]) -> None:
    rows = [Row(Entry(Labels({}), 0, line), EVERYTHING) for line in lines]
    for row in rows:
        decolorize(row)
    assert cleaned(*lines) == [row.line for row in rows]
