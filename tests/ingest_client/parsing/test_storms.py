"""Storms: what goes at once, what is folded, and that the sum is right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest_client.parsing import FoldedLine, Storms

SECOND_NS = 1_000_000_000


def run(lines: list[tuple[str, int]]) -> tuple[list[str], list[FoldedLine[str]]]:
    storms: Storms[str] = Storms()
    at_once: list[str] = []
    folded: list[FoldedLine[str]] = []
    for key, ts_ns in lines:
        folded.extend(storms.due(ts_ns))
        if not storms.fold(key, ts_ns, key):
            at_once.append(key)
    return at_once, [*folded, *storms.finish()]


def test_a_million_lines_in_five_seconds_become_a_handful() -> None:
    count = 20_000
    at_once, folded = run([("same", number * 5 * SECOND_NS // count) for number in range(count)])
    assert at_once == ["same"]
    assert sum(each.repeat_count for each in folded) == count - 1
    assert len(folded) <= 2


def test_a_folded_line_tells_when() -> None:
    _, folded = run([("a", 10), ("a", 20), ("a", 30)])
    assert folded == [FoldedLine("a", 2, 20, 30)]


def test_a_line_that_comes_seldom_is_never_folded() -> None:
    at_once, folded = run([("a", number * 6 * SECOND_NS) for number in range(5)])
    assert (len(at_once), folded) == (5, [])


def test_more_different_lines_than_fit_are_let_through() -> None:
    at_once, folded = run([(str(number), 0) for number in range(3000)] + [("2999", 1)])
    assert (len(at_once), folded) == (3001, [])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, SECOND_NS * 3)), max_size=60))
def test_no_line_is_lost_or_counted_twice(gaps: list[tuple[str, int]]) -> None:
    now_ns, lines = 0, []
    for key, gap_ns in gaps:
        now_ns += gap_ns
        lines.append((key, now_ns))
    at_once, folded = run(lines)
    for key in "abc":
        repeats = sum(each.repeat_count for each in folded if each.payload == key)
        assert at_once.count(key) + repeats == sum(name == key for name, _ in lines)
