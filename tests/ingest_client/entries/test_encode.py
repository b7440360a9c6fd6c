"""Bodies of pushes against decoders that share nothing with the encoder."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.entries.batch import Batch, DamagedBatch
from ingest_client.entries.encode import encode_batch
from tests.ingest_client.receiver import pushed_streams

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
METADATA = st.none() | st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3)
VALUES = st.lists(st.tuples(st.integers(0, 2**63 - 1), TEXTS, METADATA), min_size=1, max_size=6)
LABELS = st.dictionaries(st.from_regex(r"[a-z_]{1,5}", fullmatch=True), TEXTS, max_size=3)
BATCHES = st.lists(
    st.tuples(LABELS, VALUES), min_size=1, max_size=3, unique_by=lambda each: tuple(sorted(each[0].items()))
)


def batch_of(streams: list[tuple[dict[str, str], list[tuple[int, str, dict[str, str] | None]]]]) -> Batch:
    lines = sum(len(values) for _, values in streams)
    return Batch({tuple(sorted(labels.items())): values for labels, values in streams}, lines)


@pytest.mark.parametrize("wire", ["protobuf", "json"])
@pytest.mark.parametrize("gzip_level", [0, 4])
@given(streams=BATCHES)
def test_what_is_encoded_is_what_a_server_reads(
    wire: str, gzip_level: int, streams: list[tuple[dict[str, str], list[tuple[int, str, dict[str, str] | None]]]]
) -> None:
    body, headers = encode_batch(batch_of(streams), wire, gzip_level)
    data = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
    assert pushed_streams(data, headers["Content-Type"]) == [
        (labels, [[str(ts), line, *([metadata] if metadata else [])] for ts, line, metadata in values])
        for labels, values in streams
    ]


@pytest.mark.parametrize("size", [127, 128, 65_535, 65_536, 65_537, 300_000])
def test_sizes_at_the_edges_of_lengths(size: int) -> None:
    body, headers = encode_batch(Batch({(("a", "b"),): [(1, "x" * size, None)]}, 1), "protobuf", 0)
    ((_, values),) = pushed_streams(body, headers["Content-Type"])
    assert values == [["1", "x" * size]]


@given(streams=BATCHES)
def test_a_batch_survives_the_spool(
    streams: list[tuple[dict[str, str], list[tuple[int, str, dict[str, str] | None]]]],
) -> None:
    batch = batch_of(streams)
    back = Batch.from_bytes(batch.to_bytes())
    assert (back.streams, back.lines) == (batch.streams, batch.lines)


@given(streams=BATCHES)
def test_halves_are_the_whole(
    streams: list[tuple[dict[str, str], list[tuple[int, str, dict[str, str] | None]]]],
) -> None:
    batch = batch_of(streams)
    first, second = batch.halves()
    assert (first.size + second.size, first.lines + second.lines) == (batch.size, batch.lines)
    assert abs(first.size - second.size) <= 1


@pytest.mark.parametrize(
    "data", [b"", b"x", gzip.compress(b"x"), gzip.compress(b"[]"), gzip.compress(b"[1, [[1, 2]]]")]
)
def test_bytes_that_are_no_batch_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedBatch):
        Batch.from_bytes(data)
