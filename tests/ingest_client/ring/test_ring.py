"""The ring: what is written is read once and in order, by this process or by the next, whatever happened."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest_client.entries.entry import Entry, Stream
from ingest_client.ring import Ring, recover
from ingest_client.ring.format import SLOT_BYTES, SLOTS_AT

STREAM = Stream((("job", "test"),))
SMALL = SLOTS_AT + 1000 * SLOT_BYTES
NOW_NS = 1_900_000_000 * 10**9


def values_of(entries: list[Entry]) -> list[tuple[int, str]]:
    return [(entry.ts_ns, entry.line) for entry in entries]


def recovered(path: Path) -> list[tuple[int, str]]:
    """What the next process would send."""
    return [(ts_ns, line) for batch in recover(path) for values in batch.streams.values() for ts_ns, line, _ in values]


LINES = st.tuples(st.text(max_size=40) | st.integers(0, 3000).map("é".__mul__), st.booleans(), st.booleans())


@settings(max_examples=60)
@given(st.lists(st.one_of(LINES, st.sampled_from(["take", "acknowledge"])), max_size=40), st.integers(0, 3))
def test_what_was_not_acknowledged_is_there_after_a_crash_with_the_same_timestamps(
    steps: list[tuple[str, bool, bool] | str], tick_ns: int
) -> None:
    stream, other = Stream((("job", "test"),)), Stream((("job", "other"),))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ring"
        ring = Ring(path, SMALL, 1 << 18)
        written, taken, acknowledged, now_ns = 0, [], 0, NOW_NS
        pending = []
        for step in steps:
            if step == "take":
                done = ring.take(200)
                taken += done.entries
                pending.append((len(taken), done.acknowledge))
            elif step == "acknowledge" and pending:
                acknowledged, acknowledge = pending.pop(0)
                acknowledge()
            elif isinstance(step, tuple):
                line, important, elsewhere = step
                now_ns += tick_ns
                metadata = {"n": str(written)}
                ring.append(other if elsewhere else stream, now_ns, line, metadata, important)
                written += 1
        left = recovered(path)
        taken += ring.take(1 << 30).entries
        assert sorted(int((entry.metadata or {})["n"]) for entry in taken) == list(range(written))
        assert [entry.ts_ns for entry in taken if entry.stream.labels == stream.labels] == sorted(
            {entry.ts_ns for entry in taken if entry.stream.labels == stream.labels}
        )
        # Lines that were never read are still as they were captured: nobody has sent them.
        assert len(left) >= written - acknowledged
        assert set(values_of(taken[acknowledged:])) - set(left) == set() or tick_ns == 0
        assert len(ring) == ring.dropped == 0


def test_a_final_timestamp_outlives_the_process_that_sent_it(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring", SMALL, 1 << 18)
    for number in range(10):
        ring.append(STREAM, NOW_NS, str(number))
    sent = values_of(ring.take(1 << 20).entries)
    assert len({ts_ns for ts_ns, _ in sent}) == 10
    assert recovered(tmp_path / "ring") == sent


def test_lines_of_both_lanes_come_in_order_of_capture() -> None:
    ring = Ring(None, SMALL, 1 << 18)
    for number in range(200):
        ring.append(STREAM, NOW_NS + number, str(number), important=number % 3 == 0)
    lines = []
    while len(ring):
        lines += [entry.line for entry in ring.take(3000).entries]
    assert lines == [str(number) for number in range(200)]


def test_a_flood_of_ordinary_lines_takes_no_important_one_along() -> None:
    ring = Ring(None, SMALL, 1 << 18)
    ring.append(STREAM, NOW_NS, "error", important=True)
    for number in range(10_000):
        ring.append(STREAM, NOW_NS + number, str(number))
    entries = ring.take(1 << 30).entries
    assert entries[0].line == "error"
    assert entries[-1].line == "9999"
    assert len(entries) + ring.dropped == 10_001
    assert 500 < len(entries) <= 1000


@pytest.mark.parametrize("size", [0, 1, 484, 485, 464, 465, 10_000, 100_000, 1 << 20])
def test_lines_of_any_length_are_whole_or_cut_at_the_limit(tmp_path: Path, size: int) -> None:
    ring = Ring(tmp_path / "ring", 10 << 20, 1 << 18)
    ring.append(STREAM, NOW_NS, "x" * size, {"a": "b"})
    ((_, line),) = recovered(tmp_path / "ring")
    (entry,) = ring.take(1).entries
    assert entry.line == line
    assert entry.metadata == {"a": "b"}
    assert line == "x" * size or (size == 1 << 20 and line.endswith("bytes]") and len(line) > 1 << 17)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_ring_gives_what_is_whole_and_never_a_wrong_line(tmp_path: Path, seed: int) -> None:
    ring = Ring(tmp_path / "ring", SMALL, 1 << 18)
    lines = [f"{number} " + "x" * (number * 37 % 1500) for number in range(60)]
    for number, line in enumerate(lines):
        ring.append(STREAM, NOW_NS + number, line)
    data = bytearray((tmp_path / "ring").read_bytes())
    random_ = random.Random(seed)
    for _ in range(5):
        at = SLOTS_AT + random_.randrange(200 * SLOT_BYTES)
        # Not in the header of a slot: what protects the data is its checksum.
        data[at if at % SLOT_BYTES >= 28 else at + 28] ^= 1 << random_.randrange(8)
    (tmp_path / "damaged").write_bytes(data)
    found = [line for _, line in recovered(tmp_path / "damaged")]
    assert set(found) <= set(lines)
    assert len(found) >= 55


@pytest.mark.parametrize("content", [b"", b"SKRING01", b"x" * 100_000, b"SKRING01" + b"\xff" * 100_000])
def test_what_is_no_ring_has_no_lines(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ring").write_bytes(content)
    assert recovered(tmp_path / "ring") == []


def test_threads_lose_nothing_while_one_reads() -> None:
    ring = Ring(None, 20 << 20, 1 << 18)
    read: list[str] = []
    stop = threading.Event()

    def write(thread: int) -> None:
        for number in range(3000):
            ring.append(STREAM, NOW_NS, f"{thread} {number} " + "x" * (number % 7 * 200), important=number % 5 == 0)

    def consume() -> None:
        while not stop.is_set() or len(ring):
            read.extend(entry.line for entry in ring.take(50_000).entries)

    writers = [threading.Thread(target=write, args=(thread,)) for thread in range(4)]
    reader = threading.Thread(target=consume)
    for thread in [*writers, reader]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join(30)
    assert ring.dropped == 0
    assert len(read) == len(set(read)) == 12_000


def test_a_place_that_was_taken_and_never_written_is_passed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest_client.ring.lane._HOLE_S", 0.0)
    ring = Ring(None, SMALL, 1 << 18)
    ring.append(STREAM, NOW_NS, "before")
    ring.ordinary.place()
    ring.append(STREAM, NOW_NS, "after")
    lines = [entry.line for _ in range(3) for entry in ring.take(1).entries]
    assert lines == ["before", "after"]
    assert ring.dropped == 1


def test_more_streams_than_there_is_room_for_are_counted(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring", SMALL, 1 << 18)
    for number in range(1000):
        ring.append(Stream((("name", f"{number:0100}"),)), NOW_NS + number, str(number))
    taken = ring.take(1 << 30).entries
    assert len(taken) + ring.dropped == ring.accepted == 1000
    assert [line for _, line in recovered(tmp_path / "ring")] == [entry.line for entry in taken]
    assert len(taken) > 300


def test_a_disk_without_room_is_told_at_once_and_not_by_a_signal_later(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"."):
        Ring(tmp_path / "ring", 1 << 60, 1 << 18)
    assert list(tmp_path.iterdir()) == []
