"""Charts as a whole: never wider than asked, whatever is drawn, and right where one can say what is right."""

from __future__ import annotations

import itertools
import math
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl.plot import MAX_SERIES, PlotSeries, Style, draw
from logctl.plot.fit import text_columns

T0_MS = 1_795_168_800_000
STEP_MS = 60_000
ASCII, BRAILLE, COLOURS = Style(False, False), Style(True, False), Style(True, True)
STYLES = [ASCII, BRAILLE, COLOURS]
_COLOUR = re.compile(r"\x1b\[\d*m")

_AXIS = re.compile(r"^ *(?:[-+.0-9a-zA-Z]+ |)[│┤|+]")

names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
values = st.floats() | st.integers(-5, 5).map(float)


@st.composite
def plot_series(draw_from: st.DrawFn) -> PlotSeries:
    places = sorted(draw_from(st.sets(st.integers(0, 200), max_size=30)))
    points = [(T0_MS + place * STEP_MS, draw_from(values)) for place in places]
    return PlotSeries(draw_from(names), points)


def of_values(*numbers: float, name: str = "{}") -> PlotSeries:
    return PlotSeries(name, [(T0_MS + place * STEP_MS, number) for place, number in enumerate(numbers)])


def drawing(lines: list[str], rows: int) -> list[str]:
    """What is right of the axis."""
    return [_AXIS.sub("", line) for line in lines[:rows]]


def dots_by_column(rows: list[str]) -> list[list[int]]:
    """For each column the rows that have a glyph."""
    return [[row for row, text in enumerate(rows) if text[column] != " "] for column in range(len(rows[0]))]


@given(
    all_series=st.lists(plot_series(), max_size=12),
    width=st.integers(1, 120),
    height=st.integers(1, 30),
    style=st.sampled_from(STYLES),
)
def test_no_chart_is_wider_than_asked_or_shows_what_the_style_forbids(
    all_series: list[PlotSeries], width: int, height: int, style: Style
) -> None:
    lines = draw(all_series, width, height, style, UTC)
    plain = [_COLOUR.sub("", line) for line in lines]
    assert lines
    assert all(text_columns(line) <= width for line in plain)
    assert all("\n" not in line for line in lines)
    if not style.colourful:
        assert plain == lines
    if not style.unicode:
        assert all(line.isascii() for line in lines)
    drawn = [series for series in all_series if series.finite]
    assert len(lines) <= height + 3 + min(len(drawn), MAX_SERIES) + 1


@given(
    steps=st.lists(st.integers(0, 1000), min_size=2, max_size=40),
    falls=st.booleans(),
    width=st.integers(30, 100),
    height=st.integers(2, 25),
)
def test_what_rises_is_drawn_rising(steps: list[int], falls: bool, width: int, height: int) -> None:
    numbers = [-float(total) if falls else float(total) for total in itertools.accumulate(steps)]
    columns = dots_by_column(drawing(draw([of_values(*numbers)], width, height, ASCII), height))
    assert all(columns), "a line without gaps has a dot in every column"
    # Rows count from the top.
    places = [row for rows in columns for row in (rows if falls else reversed(rows))]
    assert places == sorted(places, reverse=not falls)
    if numbers[0] != numbers[-1]:
        assert {places[0], places[-1]} == {0, height - 1}


@pytest.mark.parametrize("number", [0.0, -3.5, 1e308, 5e-324, 1e15])
@pytest.mark.parametrize("style", STYLES)
def test_a_constant_is_one_row_in_the_middle(number: float, style: Style) -> None:
    lines = [_COLOUR.sub("", line) for line in draw([of_values(*[number] * 50)], 60, 9, style)]
    filled = [row for row, text in enumerate(drawing(lines, 9)) if text.strip()]
    assert filled == [4]
    assert " " not in drawing(lines, 9)[4]


@pytest.mark.parametrize("style", STYLES)
def test_a_single_point_is_one_character(style: Style) -> None:
    lines = [_COLOUR.sub("", line) for line in draw([of_values(7.0)], 60, 5, style, UTC)]
    assert len("".join(drawing(lines, 5)).replace(" ", "")) == 1
    assert lines[2].startswith("7 ")
    assert lines[-2:] == ["2026-11-20 10:00:00 +0000", f"{lines[-1][0]} {{}}"]


@pytest.mark.parametrize(
    "all_series",
    [
        [],
        [of_values()],
        [of_values(math.nan)],
        [of_values(math.inf, -math.inf)],
        [of_values(math.nan), of_values()],
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_nothing_to_draw_is_told(all_series: list[PlotSeries], style: Style) -> None:
    assert draw(all_series, 80, 20, style) == ["no points to draw"]
    assert text_columns(draw(all_series, 5, 20, style)[0]) <= 5


@pytest.mark.parametrize("gap", [math.nan, math.inf, None])
def test_what_is_missing_stays_empty(gap: float | None) -> None:
    numbers = [1.0, 1.0, gap, gap, gap, 1.0, 1.0]
    points = [(T0_MS + n * STEP_MS, number) for n, number in enumerate(numbers) if number is not None]
    (row,) = drawing(draw([PlotSeries("{}", points)], 63, 1, ASCII), 1)
    assert re.fullmatch(r"\*{9,11} {36,42}\*{9,11}", row), row


def test_every_series_has_its_glyph_and_its_row_in_the_legend() -> None:
    lines = draw([of_values(*[float(number)] * 5, name=f"s{number}") for number in range(3)], 40, 9, ASCII, UTC)
    assert [set(text.strip()) for text in drawing(lines, 9) if text.strip()] == [{"x"}, {"+"}, {"*"}]
    assert lines[-3:] == ["* s0", "+ s1", "x s2"]


def test_colours_tell_series_apart_where_there_are_colours() -> None:
    text = "\n".join(draw([of_values(0.0, 1.0, name="a"), of_values(1.0, 0.0, name="b")], 40, 9, COLOURS, UTC))
    assert "\x1b[32m━\x1b[0m a\n\x1b[33m━\x1b[0m b" in text
    assert not set("*+") & set(_COLOUR.sub("", text).rsplit("2026", 2)[0])


def test_series_beyond_the_most_are_counted() -> None:
    lines = draw([of_values(float(number), name=f"s{number}") for number in range(MAX_SERIES + 3)], 60, 9, ASCII)
    assert lines[-1] == "3 more series not drawn: topk() chooses some"
    assert lines[-2].endswith(f" s{MAX_SERIES - 1}")


WHOLE = """\
5 ┤                             ⢀⣀⡠⠤⠒⠒⠉
  │                     ⢀⣀⡠⠤⠔⠒⠊⠉⠁      
  │              ⣀⡠⠤⠔⠒⠊⠉⠁              
  │      ⢀⣀⡠⠤⠒⠒⠉⠉                      
1 ┤⣀⠤⠤⠒⠒⠉⠁                             
  └┬──────────┬──────────┬─────────────
   10:00:00   10:01:15   10:02:30
2026-11-20 10:00:00 +0000 to 2026-11-2…
━ {app="web"}"""


def test_a_whole_chart() -> None:
    lines = draw([of_values(1.0, 2.0, 3.0, 4.0, 5.0, name='{app="web"}')], 39, 5, BRAILLE, UTC)
    assert lines == WHOLE.split("\n")
