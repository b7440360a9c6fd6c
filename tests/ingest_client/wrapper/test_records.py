"""Lines to records: whatever comes together or apart, each line is shipped or counted, in order."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.wrapper.records import RecordSink

LINES = [
    b"[TRT] [W] Skipping tactic 8 due to insufficient memory",
    b"[TRT] [E] 1: Error Code 1: Cuda Runtime (out of memory)",
    b"  and this goes on",
    b"plain words",
    b"",
    b"\x1b[32mgreen\x1b[0m",
    b"10%\r100%",
    b"\xff\xfe no text",
]
NOW_NS = 1_900_000_000 * 10**9


class Shipped:
    """Keeps what is shipped."""

    def __init__(self) -> None:
        self.records: list[tuple[int, str, dict[str, str], str | None]] = []

    def __call__(self, ts_ns: int, text: str, metadata: dict[str, str], component: str | None) -> None:
        self.records.append((ts_ns, text, metadata, component))

    @property
    def line_count(self) -> int:
        """Lines with those that were folded."""
        return sum(
            (text.count("\n") + 1) * int(metadata.get("repeat_count", "1")) for _, text, metadata, _ in self.records
        )


def shipped(lines: list[bytes], parses: list[bool], grouped: bool) -> Shipped:
    ship = Shipped()
    sink = RecordSink(ship, {"stream": "stdout"})
    numbered = list(zip(lines, parses, strict=True))
    if grouped:
        for (line, parse), equal in groupby(numbered):
            sink.add(line, NOW_NS, parse, len(list(equal)))
    else:
        for line, parse in numbered:
            sink.add(line, NOW_NS, parse)
    sink.finish()
    return ship


@given(st.lists(st.tuples(st.sampled_from(LINES), st.booleans()), max_size=60), st.booleans())
def test_every_line_is_shipped_or_counted(pairs: list[tuple[bytes, bool]], grouped: bool) -> None:
    lines, parses = [line for line, _ in pairs], [parse for _, parse in pairs]
    assert shipped(lines, parses, grouped).line_count == sum(bool(line) for line in lines)


@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_equal_lines_that_come_together_are_what_they_are_one_by_one(lines: list[bytes]) -> None:
    parses = [True] * len(lines)
    together, apart = shipped(lines, parses, True), shipped(lines, parses, False)
    assert {(text, metadata.get("level")) for _, text, metadata, _ in together.records} == {
        (text, metadata.get("level")) for _, text, metadata, _ in apart.records
    }
    assert together.line_count == apart.line_count


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"words\r", "words"),
        (b"10%\r50%\r100%", "100%"),
        (b"\x1b[1;31mred\x1b[0m", "red"),
        (b"\x1b]0;title\x07words", "words"),
        (b"trailing  ", "trailing"),
        (b"\xff", "\ufffd"),
        (b"tab\there", "tab\there"),
    ],
)
def test_a_line_is_what_a_terminal_would_show(line: bytes, text: str) -> None:
    assert [record[1] for record in shipped([line], [True], False).records] == [text]


def test_a_record_of_several_lines_waits_for_its_end_and_has_the_time_of_its_beginning() -> None:
    ship = Shipped()
    sink = RecordSink(ship, {})
    sink.add(b"[TRT] [E] first", NOW_NS, True)
    sink.add(b"  second", NOW_NS + 5, True)
    sink.tick(NOW_NS + 10)
    assert ship.records == []
    sink.tick(NOW_NS + 4 * 10**9)
    ((ts_ns, text, metadata, component),) = ship.records
    assert (ts_ns, text, component) == (NOW_NS, "[TRT] [E] first\n  second", "tensorrt")
    assert metadata["level"] == "error"


def test_what_is_not_parsed_keeps_its_place() -> None:
    records = shipped([b"[TRT] [E] a", b"b", b"[TRT] [E] c"], [True, False, True], False).records
    assert [text for _, text, _, _ in records] == ["[TRT] [E] a", "b", "[TRT] [E] c"]
