"""Answers as JSON: equal to a naive model, keys in the order that clients rely on."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.results import Answer, Entry, Matrix, Scalar, Series, Stats, Streams, Vector
from server.render import render_answer, render_list
from storage.labels import Labels
from storage.stores import Usage

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.sampled_from(["a", "b", "app", "é"])
LABELS = st.dictionaries(NAMES, TEXTS, max_size=3).map(Labels)
ENTRIES = st.lists(st.builds(Entry, st.integers(0, 2**63 - 1), TEXTS, LABELS, LABELS, LABELS), max_size=12)


def entry(ts: int, line: str, stream: dict[str, str], metadata: dict[str, str], parsed: dict[str, str]) -> Entry:
    return Entry(ts, line, Labels(stream), Labels(metadata), Labels(parsed))


def answered(data: Any, flags: tuple[str, ...] = (), warnings: tuple[str, ...] = ()) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render_answer(Answer(data, Stats(), warnings), flags))
    return document


def model(entries: list[Entry], is_categorized: bool) -> list[dict[str, Any]]:
    """The slow and obvious way."""
    streams: dict[str, dict[str, Any]] = {}
    for each in entries:
        labels = each.stream if is_categorized else Labels({**each.stream, **each.metadata, **each.parsed})
        value: list[Any] = [str(each.ts), each.line]
        if is_categorized:
            extra = {"structuredMetadata": dict(each.metadata), "parsed": dict(each.parsed)}
            value.append({name: found for name, found in extra.items() if found})
        streams.setdefault(labels.text, {"stream": dict(labels), "values": []})["values"].append(value)
    return [streams[text] for text in sorted(streams)]


@given(ENTRIES)
def test_streams_merge_all_labels(entries: list[Entry]) -> None:
    data = answered(Streams(entries))["data"]
    assert list(data) == ["resultType", "result", "stats"]
    assert data["result"] == model(entries, is_categorized=False)


@given(ENTRIES)
def test_categorized_streams_keep_labels_apart_and_always_have_a_third_element(entries: list[Entry]) -> None:
    data = answered(Streams(entries), ("categorize-labels",))["data"]
    assert list(data) == ["resultType", "encodingFlags", "result", "stats"]
    assert data["encodingFlags"] == ["categorize-labels"]
    assert data["result"] == model(entries, is_categorized=True)


def test_one_stored_stream_with_different_metadata_is_answered_as_several() -> None:
    entries = [entry(2, "y", {"app": "web"}, {"id": "2"}, {}), entry(1, "x", {"app": "web"}, {"id": "1"}, {})]
    assert [each["stream"] for each in answered(Streams(entries))["data"]["result"]] == [
        {"app": "web", "id": "1"},
        {"app": "web", "id": "2"},
    ]


def test_parsed_labels_win_over_metadata_and_metadata_over_the_stream() -> None:
    entries = [entry(1, "x", {"a": "stream", "b": "stream"}, {"b": "metadata", "c": "metadata"}, {"c": "parsed"})]
    stream = answered(Streams(entries))["data"]["result"][0]["stream"]
    assert stream == {"a": "stream", "b": "metadata", "c": "parsed"}


def test_unknown_flags_are_echoed_and_change_nothing_else() -> None:
    entries = [entry(1, "x", {"a": "b"}, {"m": "1"}, {})]
    data = answered(Streams(entries), ("other",))["data"]
    assert data["encodingFlags"] == ["other"]
    assert data["result"] == model(entries, is_categorized=False)


def test_keys_come_in_the_order_of_the_streaming_reader() -> None:
    entries = [entry(1, "x", {"a": "b"}, {}, {})]
    text = render_answer(Answer(Streams(entries), Stats()), ("categorize-labels",)).decode()
    assert text.startswith(
        '{"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],'
        '"result":[{"stream":{"a":"b"},"values":[["1","x",{}]]}],"stats":{"summary":{'
    )
    assert text.endswith("}\n")


POINTS = st.lists(
    st.tuples(st.integers(-(10**12), 10**14), st.floats(allow_nan=True)), max_size=6, unique_by=lambda each: each[0]
)


@given(st.lists(st.tuples(LABELS, POINTS), max_size=4))
def test_matrix_values_read_back_exactly(series: list[tuple[Labels, list[tuple[int, float]]]]) -> None:
    made = [
        Series(labels, np.array([ts for ts, _ in points], np.int64), np.array([v for _, v in points], np.float64))
        for labels, points in series
    ]
    data = answered(Matrix(made), ("categorize-labels",))["data"]
    assert list(data) == ["resultType", "result", "stats"]
    assert [each["metric"] for each in data["result"]] == [dict(labels) for labels, _ in series]
    for each, (_, points) in zip(data["result"], series, strict=True):
        assert [moment for moment, _ in each["values"]] == [ts / 1000 for ts, _ in points]
        assert np.array_equal([float(text) for _, text in each["values"]], [v for _, v in points], equal_nan=True)


def test_vector_and_scalar() -> None:
    vector = answered(Vector(1_795_366_645_692, [(Labels({"app": "web"}), 60.0), (Labels(), 0.5)]))["data"]
    assert vector["result"] == [
        {"metric": {"app": "web"}, "value": [1795366645.692, "60"]},
        {"metric": {}, "value": [1795366645.692, "0.5"]},
    ]
    scalar = answered(Scalar(1_795_366_645_000, 2.0))["data"]
    assert (scalar["resultType"], scalar["result"]) == ("scalar", [1795366645, "2"])


@pytest.mark.parametrize(
    ("data", "kind"),
    [(Streams([]), "streams"), (Matrix([]), "matrix"), (Vector(0, []), "vector")],
)
def test_an_empty_answer_keeps_its_type(data: Any, kind: str) -> None:
    found = answered(data)["data"]
    assert (found["resultType"], found["result"]) == (kind, [])


def test_warnings_come_before_log_data_and_after_other_data() -> None:
    assert list(answered(Streams([]), warnings=("w",))) == ["status", "warnings", "data"]
    assert list(answered(Matrix([]), warnings=("w",))) == ["status", "data", "warnings"]
    assert list(answered(Matrix([]))) == ["status", "data"]


def test_only_log_results_end_with_a_newline() -> None:
    assert render_answer(Answer(Streams([]), Stats())).endswith(b"}\n")
    assert render_answer(Answer(Matrix([]), Stats())).endswith(b"}")


def test_stats_carry_what_was_counted() -> None:
    stats = Stats(exec_time_s=0.5, lines_processed=10, bytes_processed=1000, entries_returned=3, chunks=4)
    summary = json.loads(render_answer(Answer(Matrix([]), stats)))["data"]["stats"]["summary"]
    assert (summary["linesProcessedPerSecond"], summary["bytesProcessedPerSecond"]) == (20, 2000)
    assert (summary["totalLinesProcessed"], summary["totalEntriesReturned"], summary["execTime"]) == (10, 3, 0.5)


def test_stats_tell_what_a_bucket_was_asked_for_when_it_was() -> None:
    usage = Usage(requests=7, retries=2, bytes_read=900, wait_ns=5, cache_hits=3, cache_misses=1, cache_bytes=60)
    stats = json.loads(render_answer(Answer(Matrix([]), Stats(usage=usage))))["data"]["stats"]
    assert stats["bucket"] == {"requests": 7, "retries": 2, "bytesReceived": 900, "downloadTime": 5}
    assert stats["querier"]["store"]["chunksDownloadTime"] == 5
    cache = stats["cache"]["chunk"]
    assert (cache["entriesFound"], cache["entriesRequested"], cache["bytesReceived"]) == (3, 4, 60)
    assert "bucket" not in json.loads(render_answer(Answer(Matrix([]), Stats())))["data"]["stats"]


def test_lists_have_data_even_when_empty() -> None:
    assert render_list([]) == b'{"status":"success","data":[]}\n'
    assert render_list(["é", '"']) == '{"status":"success","data":["é","\\""]}\n'.encode()
