"""The disk spool against a list, over restarts, torn tails and flipped bits."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest_client.state.spool import Spool

CAP = 1 << 20


def read_all(spool: Spool) -> list[bytes]:
    """Take and acknowledge everything."""
    payloads = []
    while record := spool.peek():
        payloads.append(record.payload)
        spool.acknowledge(record)
    return payloads


STEPS = st.one_of(st.binary(max_size=200), st.just("take"), st.just("restart"))


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=40), st.integers(50, 600))
def test_what_goes_in_comes_out_in_order_over_restarts(steps: list[bytes | str], segment_bytes: int) -> None:
    with TemporaryDirectory() as folder:
        spool = Spool(Path(folder), CAP, segment_bytes)
        expected: list[bytes] = []
        for step in steps:
            if isinstance(step, bytes):
                spool.append(step, 1)
                expected.append(step)
            elif step == "take":
                record = spool.peek()
                assert (record.payload if record else None) == (expected.pop(0) if expected else None)
                if record:
                    spool.acknowledge(record)
            else:
                spool.close()
                spool = Spool(Path(folder), CAP, segment_bytes)
            assert spool.pending_lines == len(expected)
        assert read_all(spool) == expected
        assert spool.pending_lines == spool.damaged == 0
        spool.close()


def test_nothing_is_left_on_disk_when_all_is_taken(tmp_path: Path) -> None:
    spool = Spool(tmp_path, CAP, 100)
    for number in range(10):
        spool.append(b"x" * 50, number)
    read_all(spool)
    assert [path.name for path in tmp_path.iterdir()] == ["cursor"]
    assert spool.pending_bytes == 0


def filled(folder: Path, count: int = 5) -> Path:
    """A closed spool of one segment."""
    spool = Spool(folder, CAP)
    for number in range(count):
        spool.append(b"payload %d" % number, 1)
    spool.close()
    (segment,) = folder.glob("*.seg")
    return segment


@pytest.mark.parametrize("cut_bytes", [1, 5, 9, 20, 24])
def test_a_torn_tail_costs_the_torn_record_only(tmp_path: Path, cut_bytes: int) -> None:
    segment = filled(tmp_path)
    segment.write_bytes(segment.read_bytes()[:-cut_bytes])
    spool = Spool(tmp_path, CAP)
    spool.append(b"after", 1)
    assert read_all(spool) == [*(b"payload %d" % number for number in range(4)), b"after"]
    assert spool.damaged >= 1


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_costs_one_record(tmp_path: Path, seed: int) -> None:
    segment = filled(tmp_path)
    data = bytearray(segment.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    segment.write_bytes(data)
    found = read_all(Spool(tmp_path, CAP))
    whole = [b"payload %d" % number for number in range(5)]
    assert [payload for payload in whole if payload in found] == found
    assert len(found) >= 4


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "[]", '{"a":1}', "[1]", '["x","y"]', "[99, 0]", "[1, 99999]", "[true, null]"]
)
def test_a_broken_cursor_never_refuses_a_start(tmp_path: Path, cursor: str) -> None:
    filled(tmp_path)
    (tmp_path / "cursor").write_text(cursor)
    spool = Spool(tmp_path, CAP)
    spool.append(b"new", 1)
    assert len(read_all(spool)) == 6


def test_above_the_cap_the_oldest_segments_go_and_their_lines_are_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1000, 300)
    for number in range(50):
        spool.append(b"%03d" % number + b"x" * 80, 2)
        assert spool.pending_bytes <= 1000
    left = read_all(spool)
    assert [int(payload[:3]) for payload in left] == list(range(50 - len(left), 50))
    assert spool.dropped == 2 * (50 - len(left)) > 0


def test_a_record_is_taken_again_until_it_is_acknowledged(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    for _ in range(3):
        record = Spool(tmp_path, CAP).peek()
        assert record is not None
        assert record.payload == b"payload 0"


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    assert filled(tmp_path / "spool").stat().st_mode & 0o077 == 0
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
