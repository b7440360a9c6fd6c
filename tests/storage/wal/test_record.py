"""Records on disk: they come back as they went, and damage stays where it is."""

from __future__ import annotations

import struct

import google_crc32c
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import Batch
from storage.wal.record import FILE_HEADER, BadRecord, Record, encode, read_records
from tests.storage.entries import entries_of, numbered_batch
from tests.storage.strategies import batches

TENANTS = st.sampled_from(["fake", "é", "a..b", "x" * 200])
HEAD_BYTES = 9


def file_of(*records: Record) -> bytes:
    return FILE_HEADER + b"".join(piece for record in records for piece in encode(record))


@pytest.fixture(scope="module")
def three() -> list[bytes]:
    """The bytes of three records, sequences 1 to 3."""
    return [b"".join(encode(Record(number, "fake", numbered_batch(number * 10, 3)))) for number in (1, 2, 3)]


def sequences_of(data: bytes) -> list[int]:
    return [record.sequence for record in read_records(data) if isinstance(record, Record)]


@given(st.lists(st.tuples(TENANTS, batches(min_size=1)), max_size=3))
def test_records_come_back_as_they_went(contents: list[tuple[str, Batch]]) -> None:
    records = [Record(number, tenant, batch) for number, (tenant, batch) in enumerate(contents)]
    again = list(read_records(file_of(*records)))
    assert len(again) == len(records)
    for record, found in zip(records, again, strict=True):
        assert isinstance(found, Record)
        assert (found.sequence, found.tenant) == (record.sequence, record.tenant)
        assert entries_of(found.batch) == entries_of(record.batch)


def test_the_bytes_of_a_record_are_those_of_the_format_page() -> None:
    data = b"".join(encode(Record(7, "té", numbered_batch(0, 1))))
    length, checksum, kind, sequence, tenant_length = struct.unpack_from("<IIBQH", data)
    assert (len(data), kind, sequence, tenant_length) == (9 + length, 1, 7, 3)
    assert checksum == google_crc32c.value(data[8:])
    assert data[19:22].decode() == "té"
    assert FILE_HEADER == b"SKALDWAL\x01\0\0\0"


def test_a_flip_of_any_bit_costs_its_record_only(three: list[bytes]) -> None:
    data = FILE_HEADER + b"".join(three)
    start = len(FILE_HEADER) + len(three[0])
    for offset in range(start, start + len(three[1]), 7):
        damaged = bytearray(data)
        damaged[offset] ^= 1 << offset % 8
        found = list(read_records(bytes(damaged)))
        bad = [each for each in found if isinstance(each, BadRecord)]
        assert sequences_of(bytes(damaged)) == [1, 3], offset
        assert [(each.offset, each.stop, each.is_cut_off) for each in bad] == [(start, start + len(three[1]), False)]


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 10, 50, -1])
def test_a_record_cut_off_at_the_end_is_an_unfinished_write(three: list[bytes], cut: int) -> None:
    whole = FILE_HEADER + b"".join(three[:2])
    *good, bad = read_records(whole + three[2][:cut])
    assert len(good) == 2
    assert isinstance(bad, BadRecord)
    assert (bad.offset, bad.is_cut_off) == (len(whole), True)


@pytest.mark.parametrize("zeros", [1, 8, 10, 4096])
def test_zeros_that_a_power_cut_left_are_an_unfinished_write(three: list[bytes], zeros: int) -> None:
    *good, bad = read_records(FILE_HEADER + three[0] + bytes(zeros))
    assert len(good) == 1
    assert isinstance(bad, BadRecord)
    assert bad.is_cut_off


@pytest.mark.parametrize("length", [0, 1, 100, 10**6, 2**32 - 1])
def test_a_wrong_length_costs_its_record_only(three: list[bytes], length: int) -> None:
    damaged = struct.pack("<I", length) + three[1][4:]
    assert sequences_of(FILE_HEADER + three[0] + damaged + three[2]) == [1, 3]
    *_, bad = read_records(FILE_HEADER + three[0] + damaged)
    assert isinstance(bad, BadRecord)
    assert not bad.is_cut_off, "a record that was whole is no unfinished write"


def with_checksum(kind: int, payload: bytes) -> bytes:
    body = bytes([kind]) + payload
    return struct.pack("<II", len(payload), google_crc32c.value(body)) + body


@pytest.mark.parametrize(
    "strange",
    [
        with_checksum(2, b"of a later version"),
        with_checksum(1, b""),
        with_checksum(1, b"short"),
        with_checksum(1, struct.pack("<QH", 9, 500) + b"tenant cut off"),
        with_checksum(1, struct.pack("<QH", 9, 1) + b"\xff"),
        with_checksum(1, struct.pack("<QH", 9, 1) + b"t" + b"no arrow stream"),
        with_checksum(1, struct.pack("<QH", 9, 1) + b"t"),
    ],
)
def test_a_record_that_makes_no_sense_is_skipped(three: list[bytes], strange: bytes) -> None:
    assert sequences_of(FILE_HEADER + three[0] + strange + three[1]) == [1, 2]
    assert sequences_of(FILE_HEADER + three[0] + strange) == [1]


@pytest.mark.parametrize("data", [b"SKALDWAL\x02\0\0\0", b"something else entirely", bytes(100)])
def test_a_file_that_is_no_log_has_no_records_and_says_so(data: bytes, three: list[bytes]) -> None:
    (bad,) = read_records(data + three[0])
    assert isinstance(bad, BadRecord)
    assert (bad.offset, bad.is_cut_off) == (0, False)


@pytest.mark.parametrize("size", range(len(FILE_HEADER) + 1))
def test_a_header_cut_off_is_an_unfinished_write(size: int) -> None:
    assert all(isinstance(bad, BadRecord) and bad.is_cut_off for bad in read_records(FILE_HEADER[:size]))


@given(st.binary(max_size=200))
def test_no_bytes_behind_a_good_record_do_it_harm(tail: bytes) -> None:
    data = file_of(Record(1, "fake", numbered_batch(0, 1)))
    assert sequences_of(data + tail) == [1]
