"""The push encoder against a decoder of its own and against the bytes of the format's published example."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.protobuf import encode_entry, encode_push, encode_stream, label_text
from benchmarks.requests import bodies_of, prepare
from benchmarks.workload import Workload
from tests.benchmarks.wire import decode_push, unsnap

ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 2**62),
        st.text(st.characters(codec="utf-8"), max_size=300),
        st.dictionaries(st.text("abc_", min_size=1), st.text(st.characters(codec="utf-8")), max_size=3),
    ),
    max_size=5,
)


def test_the_published_example_is_encoded_byte_by_byte() -> None:
    entry = encode_entry(1795366524_407194888, b"hello", {"k": "v"})
    stream = encode_stream('{app="pb"}', [entry])
    assert stream.hex() == (
        "0a2b0a0a7b6170703d227062227d121d0a0c08fcbc8cd80610889a95c201120568656c6c6f1a060a016b120176"
    )
    assert unsnap(encode_push([stream])) == stream


@given(st.dictionaries(st.text("abcxyz", min_size=1), ENTRIES, max_size=4))
def test_what_was_encoded_is_decoded(streams: dict[str, list[tuple[int, str, dict[str, str]]]]) -> None:
    encoded = (
        encode_stream(labels, [encode_entry(ts, line.encode(), metadata) for ts, line, metadata in entries])
        for labels, entries in streams.items()
    )
    assert decode_push(encode_push(encoded)) == streams


def test_label_texts_are_sorted_and_quoted() -> None:
    assert label_text({"b": 'say "hi"', "a": "x"}) == '{a="x", b="say \\"hi\\""}'
    assert label_text({}) == "{}"


def test_prepared_bodies_carry_the_whole_load_in_requests_of_their_size() -> None:
    workload = Workload(lines=3500, streams=7, seed=5, end_ns=1_795_172_400_000_000_000)
    load = prepare(workload)
    assert list(bodies_of(workload)) == load.bodies
    decoded = [decode_push(body) for body in load.bodies]
    assert [sum(map(len, streams.values())) for streams in decoded] == [1000, 1000, 1000, 500]
    sent = sorted((ts, labels, line) for streams in decoded for labels, rows in streams.items() for ts, line, _ in rows)
    label_texts = [label_text(labels) for labels in workload.labels]
    made = sorted(
        (ts, label_texts[stream], line)
        for block in workload.blocks()
        for stream, ts, line in zip(block.stream.tolist(), block.ts.tolist(), block.lines.to_pylist(), strict=True)
    )
    assert sent == made
    assert load.line_bytes == sum(len(line) for _, _, line in made)
    assert load.counts["error"] == sum("error" in line for _, _, line in made)
    assert b"".join(load.frames).count(b"\n") == workload.lines
