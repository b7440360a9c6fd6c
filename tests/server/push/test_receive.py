"""What a push answers, in the cases of the API page, in both forms of the body."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.limits import PushLimits
from server.push.errors import PushError, Reason
from server.push.levels import DETECTED_LEVEL
from server.push.receive import Received, receive
from storage.labels import Labels
from tests.server.push.wire import (
    NOW_NS,
    Row,
    block,
    entry,
    levels_of,
    message,
    number,
    push_body,
    push_json,
    push_message,
    push_protobuf,
    rows_of,
    snappy,
    stream,
)

SECOND = 10**9
DAY = 86_400 * SECOND
APP = '{app="a", service_name="a"}'

Push = Callable[..., Received]


def by_json(*rows: Row, labels: Mapping[str, object] | None = None, limits: PushLimits | None = None) -> Received:
    return push_json((labels or {"app": "a"}, rows), limits=limits)


def by_protobuf(*rows: Row, labels: Mapping[str, object] | None = None, limits: PushLimits | None = None) -> Received:
    text = Labels({name: str(value) for name, value in (labels or {"app": "a"}).items()}).text
    return push_protobuf((text, rows), limits=limits)


both = pytest.mark.parametrize("push", [by_json, by_protobuf])


def refusal(run: Callable[[], Received]) -> tuple[int, str]:
    with pytest.raises(PushError) as caught:
        run()
    return caught.value.status, caught.value.text


class TestAccepted:
    @both
    def test_rows_keep_their_order_and_their_metadata(self, push: Push) -> None:
        rows = [Row(b"two", NOW_NS, {"k": "v"}), Row(b"one", NOW_NS - 1), Row(b"", NOW_NS, {"k": "w", "other": "x"})]
        received = push(*rows)
        assert rows_of(received) == [(APP, row.ts, row.line.decode(), dict(row.metadata)) for row in rows]
        assert (received.error, received.lines, received.bytes) == (None, 3, 6 + 2 + 8)

    def test_the_test_vector_of_the_api_page(self) -> None:
        data = bytes.fromhex(
            "0a2b0a0a7b6170703d227062227d121d0a0c08fcbc8cd80610889a95c201120568656c6c6f1a060a016b120176"
        )
        assert data == message(('{app="pb"}', [Row(b"hello", NOW_NS, {"k": "v"})]))
        received = receive(b"\x2d\xb0" + data, "application/x-protobuf", "", PushLimits(), NOW_NS)
        assert rows_of(received) == [('{app="pb", service_name="pb"}', NOW_NS, "hello", {"k": "v"})]

    @pytest.mark.parametrize(
        "values",
        [
            "[]",
            "null",
            '[["1795366524000000000"]]',
            '[["1795366524000000000","x",{}]]',
            '[["1795366524000000000","x",{},5]]',
            "[null]",
            '[null,["1795366524000000000","x"],null]',
        ],
    )
    def test_json_values_of_odd_length(self, values: str) -> None:
        received = push_body(b'{"streams":[{"stream":{"a":"b"},"values":%s}]}' % values.encode())
        assert received.error is None
        assert received.lines == len(rows_of(received)) == values.count("179")

    @pytest.mark.parametrize(
        ("labels", "text"),
        [
            ("{}", '{service_name="unknown_service"}'),
            ('{"a":""}', '{service_name="unknown_service"}'),
            ('{"a":1}', '{a="1", service_name="unknown_service"}'),
            ('{"a":"x","a":"y"}', '{a="y", service_name="unknown_service"}'),
            ('{"b":"\\u0000\\"\\\\","a":"é"}', '{a="é", b="\\x00\\"\\\\", service_name="unknown_service"}'),
        ],
    )
    def test_json_labels(self, labels: str, text: str) -> None:
        body = f'{{"streams":[{{"stream":{labels},"values":[["{NOW_NS}","x"]]}}]}} trailing'
        assert [row[0] for row in rows_of(push_body(body.encode()))] == [text]

    @pytest.mark.parametrize("sent", ["1795366524407194888", "01795366524407194888"])
    def test_json_times_are_decimal_nanoseconds(self, sent: str) -> None:
        body = f'{{"streams":[{{"values":[["{sent}","x"],["1795366524000000000","y"]]}}]}}'
        assert [row[1] for row in rows_of(push_body(body.encode()))] == [NOW_NS, 1_795_366_524 * SECOND]

    @pytest.mark.parametrize("name", ["Streams", "STREAMS"])
    def test_the_name_of_the_streams_has_any_case(self, name: str) -> None:
        body = f'{{"{name}":[{{"stream":{{"app":"a"}},"Stream":{{}},"values":[["{NOW_NS}","x"]]}}]}}'
        assert rows_of(push_body(body.encode())) == [(APP, NOW_NS, "x", {})]

    def test_equal_streams_become_one(self) -> None:
        received = push_protobuf(
            ('{app="a"}', [Row(b"1")]), ('{b="c"}', [Row(b"2")]), ("{app='a',}", [Row(b"3")]), ('{x="y"}', [])
        )
        assert received.batch is not None
        assert [labels.text for labels in received.batch.streams] == [APP, '{b="c", service_name="unknown_service"}']
        assert received.batch.stream.tolist() == [0, 1, 0]

    def test_lines_that_are_not_utf8_are_repaired_alone(self) -> None:
        rows = [Row(b"ok"), Row(b"a\xff\xfeb"), Row("é".encode()), Row(b"\xc3"), Row(b"\xa9")]
        lines = [row[2] for row in rows_of(by_protobuf(*rows))]
        assert lines == ["ok", "a\ufffd\ufffdb", "é", "\ufffd", "\ufffd"]

    def test_a_json_body_that_is_not_utf8_is_repaired(self) -> None:
        body = b'{"streams":[{"stream":{},"values":[["%d","a\xffb"]]}]}' % NOW_NS
        assert [row[2] for row in rows_of(push_body(body))] == ["a\ufffdb"]

    def test_unknown_fields_are_skipped_and_the_last_of_equal_ones_wins(self) -> None:
        first, last = entry(Row(b"first", NOW_NS)), entry(Row(b"last", NOW_NS - 5))
        doubled = block(9, b"?") + first + number(20, 7) + last + block(4, b"\x0a\x00")
        data = block(1, block(1, b'{a="x"}') + number(3, 2**64 - 1) + block(2, doubled) + block(1, b'{app="a"}'))
        assert rows_of(push_message(data + block(2, b"loki"))) == [(APP, NOW_NS - 5, "last", {})]

    def test_more_entries_than_usual_for_the_size(self) -> None:
        data = block(1, block(2, block(1, number(1, NOW_NS // SECOND))) * 500)
        assert push_message(data).lines == 500


class TestRefusedWhole:
    @pytest.mark.parametrize(
        ("body", "status", "text"),
        [
            (b"", 400, "EOF"),
            (b"  ", 400, "EOF"),
            (b'{"streams":[]}', 422, "error at least one valid stream is required for ingestion"),
            (b'{"streams":null}', 422, "error at least one valid stream is required for ingestion"),
            (b"{}", 422, "error at least one valid stream is required for ingestion"),
            (b"null", 422, "error at least one valid stream is required for ingestion"),
        ],
    )
    def test_json_without_streams(self, body: bytes, status: int, text: str) -> None:
        assert refusal(lambda: push_body(body)) == (status, text)

    @pytest.mark.parametrize(
        "body",
        [
            "[]",
            "1",
            "gibberish",
            "{",
            "[" * 100_000,
            '{"streams":{}}',
            '{"streams":1}',
            '{"streams":[1]}',
            '{"streams":[null]}',
            '{"streams":[{"stream":"{}","values":[["1","x"]]}]}',
            '{"streams":[{"stream":[],"values":[["1","x"]]}]}',
            '{"streams":[{"values":1}]}',
            '{"streams":[{"values":{"a":1}}]}',
            '{"streams":[{"values":["x"]}]}',
            '{"streams":[{"values":[[]]}]}',
            '{"streams":[{"stream":null,"values":[["1","x"]]}]}',
            '{"streams":[{"values":[["+1","x"]]}]}',
            '{"streams":[{"values":[[1,"x"]]}]}',
            '{"streams":[{"values":[["","x"]]}]}',
            '{"streams":[{"values":[["1_0","x"]]}]}',
            '{"streams":[{"values":[[" 1","x"]]}]}',
            '{"streams":[{"values":[["1.5","x"]]}]}',
            '{"streams":[{"values":[["٣","x"]]}]}',
            '{"streams":[{"values":[["2026-11-22T10:00:00Z","x"]]}]}',
            '{"streams":[{"values":[["1",5]]}]}',
            '{"streams":[{"values":[["1",null]]}]}',
            '{"streams":[{"values":[["1","\\ud800"]]}]}',
            '{"streams":[{"values":[["1","x","y"]]}]}',
            '{"streams":[{"values":[["1","x",["y"]]]}]}',
            '{"streams":[{"values":[["1","x",{"a":5}]]}]}',
            '{"streams":[{"values":[["1","x",{"a":{"b":"c"}}]]}]}',
        ],
        ids=lambda body: body[:60],
    )
    def test_malformed_json(self, body: str) -> None:
        status, text = refusal(lambda: push_body(body.encode()))
        assert status == 400
        assert text.startswith("cannot decode the JSON push request: ")

    @pytest.mark.parametrize(
        "body",
        [b"", b"not snappy", b"\xff\xff\xff\xff\xff", b"\xff\xff\xff\x2f", b"\x05\x10abc", message(("{}", [Row()]))],
    )
    def test_what_is_not_a_snappy_block(self, body: bytes) -> None:
        run = lambda: receive(body, "application/x-protobuf", "", PushLimits(), NOW_NS)  # noqa: E731
        assert refusal(run) == (400, "snappy: corrupt input")

    def test_protobuf_without_streams(self) -> None:
        assert refusal(lambda: push_message(b""))[0] == 422

    def test_malformed_protobuf_names_cause_and_place(self) -> None:
        status, text = refusal(lambda: push_message(b"\x0a\x05abc"))
        assert (status, text) == (
            400,
            "cannot decode the protobuf push request: unexpected end of the message, "
            "at byte 0 of the uncompressed message",
        )

    def test_one_bad_label_string_refuses_all(self) -> None:
        run = lambda: push_protobuf(("{}", [Row()]), ("{a=b}", [Row()]))  # noqa: E731
        assert refusal(run)[1].startswith("couldn't parse labels: 1:4: parse error: unexpected identifier")

    def test_an_enormous_label_string(self) -> None:
        data = block(1, block(1, b"x" * (16 << 20 | 1)) + block(2, entry(Row())))
        assert refusal(lambda: push_message(data))[0] == 413

    @both
    @pytest.mark.parametrize("name", ["", "_", "__", "-", "é"])
    def test_metadata_names_without_a_letter(self, push: Push, name: str) -> None:
        status, text = refusal(lambda: push(Row(metadata={name: "v"})))
        assert status == 400
        assert text.startswith("label name is empty")


class TestRefusedRows:
    def test_good_rows_beside_bad_ones_are_kept(self) -> None:
        rows = [Row(b"good", metadata={"k": "1"}), Row(b"old", NOW_NS - 30 * DAY), Row(b"good2", metadata={"k": "2"})]
        received = by_json(*rows)
        assert [row[2:] for row in rows_of(received)] == [("good", {"k": "1"}), ("good2", {"k": "2"})]
        assert received.error is not None
        assert received.error.status == 400
        assert received.discarded == {Reason.TOO_OLD: 1}
        assert received.discarded_bytes == {Reason.TOO_OLD: 3}
        assert (received.lines, received.bytes) == (2, 4 + 5 + 4)

    @both
    @pytest.mark.parametrize(
        ("row", "limits", "reason", "text"),
        [
            (
                Row(ts=NOW_NS - 7 * DAY - 1),
                {},
                Reason.TOO_OLD,
                f"entry for stream '{APP}' has timestamp too old: 2026-11-15T16:55:24Z, "
                "oldest acceptable timestamp is: 2026-11-15T16:55:24Z",
            ),
            (Row(ts=NOW_NS - 7 * DAY), {}, None, ""),
            (Row(ts=1), {"reject_old_samples": False}, None, ""),
            (
                Row(ts=NOW_NS + 600 * SECOND + 1),
                {},
                Reason.TOO_NEW,
                f"entry for stream '{APP}' has timestamp too new: 2026-11-22T17:05:24Z",
            ),
            (Row(ts=NOW_NS + 600 * SECOND), {}, None, ""),
            (Row(b"x" * 262_144), {}, None, ""),
            (
                Row(b"x" * 262_145),
                {},
                Reason.LINE_TOO_LONG,
                f"max entry size '262144' bytes exceeded for stream '{APP}' "
                "while adding an entry with length '262145' bytes",
            ),
            (Row(b"x" * 262_145), {"max_line_size": 0}, None, ""),
            (Row("é".encode() * 5), {"max_line_size": 9}, Reason.LINE_TOO_LONG, None),
            (Row(metadata={"k": "v" * 9}), {"max_structured_metadata_size": 10}, None, ""),
            (
                Row(metadata={"k": "v" * 10}),
                {"max_structured_metadata_size": 10},
                Reason.METADATA_TOO_LARGE,
                f"stream '{APP}' has structured metadata too large: '11' bytes, limit: '10' bytes. Please see "
                "`limits_config.max_structured_metadata_size` or contact your Loki administrator to increase it",
            ),
            (
                Row(metadata=dict.fromkeys("abcd", "v")),
                {"max_structured_metadata_entries_count": 3},
                Reason.METADATA_TOO_MANY,
                f"stream '{APP}' has too many structured metadata labels: '4', limit: '3'. Please see "
                "`limits_config.max_structured_metadata_entries_count` "
                "or contact your Loki administrator to increase it",
            ),
            (
                Row(metadata={"k": "v"}),
                {"allow_structured_metadata": False},
                Reason.METADATA_DISALLOWED,
                f"stream '{APP}' includes structured metadata, but this feature is disallowed. Please see "
                "`limits_config.allow_structured_metadata` or contact your Loki administrator to enable it",
            ),
            (Row(b"x" * 99, NOW_NS - 9 * DAY, {"k": "v"}), {"max_line_size": 9}, Reason.TOO_OLD, None),
        ],
    )
    def test_rules_for_a_row(
        self, push: Push, row: Row, limits: dict[str, Any], reason: Reason | None, text: str | None
    ) -> None:
        received = push(row, limits=PushLimits(**limits))
        assert set(received.discarded) == ({reason} if reason else set())
        assert (received.batch is None) == bool(reason)
        if text is not None:
            assert (received.error.text if received.error else "") == text

    def test_a_row_without_a_time_is_from_year_one(self) -> None:
        limits = PushLimits(reject_old_samples=False)
        received = push_message(stream('{app="a"}', [block(2, b"x")]), limits)
        assert received.batch is None
        assert received.error is not None
        assert "has timestamp too old: 0001-01-01T00:00:00Z" in received.error.text

    @pytest.mark.parametrize("seconds", [9_223_372_036, 253_402_300_799])
    def test_a_time_beyond_int64_is_too_new(self, seconds: int) -> None:
        received = push_message(stream('{app="a"}', [block(1, number(1, seconds))]))
        assert set(received.discarded) == {Reason.TOO_NEW}

    @both
    def test_equal_errors_are_counted_and_different_ones_listed(self, push: Push) -> None:
        rows = [Row(ts=NOW_NS + DAY), Row(), Row(ts=NOW_NS + DAY + 5), Row(b"x" * 11)]
        received = push(*rows, limits=PushLimits(max_line_size=10))
        assert received.error is not None
        assert sorted(received.error.text.split("; ")) == [
            f"1 errors like: max entry size '10' bytes exceeded for stream '{APP}' "
            "while adding an entry with length '11' bytes",
            f"2 errors like: entry for stream '{APP}' has timestamp too new: 2026-11-23T16:55:24Z",
        ]
        assert received.lines == 1

    def test_an_answer_never_lists_more_than_a_hundred_texts(self) -> None:
        received = by_json(*(Row(ts=second * SECOND) for second in range(1000)))
        assert received.error is not None
        assert received.error.text.count("errors like") == 100
        assert received.error.text.endswith("; 900 other errors")

    @pytest.mark.parametrize(
        ("labels", "limits", "reason", "text"),
        [
            (
                {f"l{index}": "x" for index in range(16)},
                {"discover_service_name": ()},
                Reason.TOO_MANY_LABELS,
                'entry for stream \'{l0="x", l1="x", l10="x", l11="x", l12="x", l13="x", l14="x", l15="x", '
                'l2="x", l3="x", l4="x", l5="x", l6="x", l7="x", l8="x", l9="x"}\' has 16 label names; limit 15',
            ),
            ({f"l{index}": "x" for index in range(15)}, {}, None, ""),
            (
                {"abc": "x"},
                {"max_label_name_length": 2, "discover_service_name": ()},
                Reason.LABEL_NAME_TOO_LONG,
                "stream '{abc=\"x\"}' has label name too long: 'abc'",
            ),
            (
                {"a": "xyz"},
                {"max_label_value_length": 2, "discover_service_name": ()},
                Reason.LABEL_VALUE_TOO_LONG,
                "stream '{a=\"xyz\"}' has label value too long: 'xyz'",
            ),
            (
                {"a": ""},
                {"discover_service_name": ()},
                Reason.MISSING_LABELS,
                "error at least one label pair is required per stream",
            ),
        ],
    )
    @both
    def test_rules_for_a_stream(
        self, push: Push, labels: dict[str, object], limits: dict[str, Any], reason: Reason | None, text: str
    ) -> None:
        received = push(Row(), Row(b"again"), labels=labels, limits=PushLimits(**limits))
        assert received.discarded == ({reason: 2} if reason else {})
        assert received.discarded_bytes == ({reason: 10} if reason else {})
        assert (received.error.text if received.error else "") == text

    def test_a_label_given_twice(self) -> None:
        received = push_protobuf(('{a="b", a="c"}', [Row()]), ('{app="a"}', [Row()]))
        assert received.error is not None
        text = 'stream \'{a="b", a="c", service_name="unknown_service"}\' has duplicate label name: \'a\''
        assert received.error.text == text
        assert [row[0] for row in rows_of(received)] == [APP]


class TestOptions:
    @pytest.mark.parametrize(
        ("identifier", "line"), [("", b"abcdefghijklmnopqrst"), ("...", b"abcdefghijklmnopq..."), ("." * 30, b"." * 20)]
    )
    def test_long_lines_are_cut_where_that_is_wanted(self, identifier: str, line: bytes) -> None:
        limits = PushLimits(max_line_size=20, max_line_size_truncate=True, max_line_size_truncate_identifier=identifier)
        received = by_protobuf(Row(b"short"), Row(b"abcdefghijklmnopqrstuvwxyz"), limits=limits)
        assert [row[2] for row in rows_of(received)] == ["short", line.decode()]
        assert received.error is None

    def test_no_character_is_cut_in_two(self) -> None:
        limits = PushLimits(max_line_size=4, max_line_size_truncate=True)
        assert [row[2] for row in rows_of(by_protobuf(Row("aéé€".encode()), limits=limits))] == ["aé"]

    def test_equal_times_are_spread_where_that_is_wanted(self) -> None:
        rows = [Row(b"a"), Row(b"b"), Row(b"b"), Row(b"c"), Row(b"d", NOW_NS + 2), Row(b"e", NOW_NS)]
        received = by_json(*rows, limits=PushLimits(increment_duplicate_timestamp=True))
        assert [row[1] - NOW_NS for row in rows_of(received)] == [0, 1, 0, 1, 2, 0]

    def test_no_level_where_none_is_wanted(self) -> None:
        for limits in (PushLimits(discover_log_levels=False), PushLimits(allow_structured_metadata=False)):
            received = by_json(Row(b"error"), limits=limits)
            assert received.batch is not None
            assert DETECTED_LEVEL not in received.batch.metadata


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
rows_strategy = st.lists(
    st.builds(
        Row,
        texts.map(str.encode),
        st.sampled_from([NOW_NS, NOW_NS - 5, 1, NOW_NS + DAY]),
        st.dictionaries(
            st.sampled_from(["level", "trace_id", "a.b", "a_b", "detected_level", "severity_number"]), texts
        ),
    ),
    max_size=5,
)
labels_strategy = st.dictionaries(st.sampled_from(["app", "level", "job", "x"]), texts, max_size=3)


@given(streams=st.lists(st.tuples(labels_strategy, rows_strategy), min_size=1, max_size=4))
def test_both_forms_of_a_request_give_the_same_batch(streams: list[tuple[dict[str, str], list[Row]]]) -> None:
    limits = PushLimits(max_line_size=25, max_structured_metadata_entries_count=3)
    from_json = push_json(*streams, limits=limits)
    from_protobuf = push_protobuf(*((Labels(labels).text, rows) for labels, rows in streams), limits=limits)
    assert rows_of(from_json) == rows_of(from_protobuf)
    assert [str(each.error) for each in (from_json, from_protobuf)] == [str(from_json.error)] * 2
    assert from_json.discarded == from_protobuf.discarded
    assert from_json.bytes == from_protobuf.bytes
    if from_json.batch is not None:
        assert levels_of(from_json) == levels_of(from_protobuf)


@given(body=st.binary(max_size=80))
def test_no_bytes_crash_the_decoders(body: bytes) -> None:
    for content_type, sent in (("application/json", body), ("text/x", body), ("text/x", snappy(body))):
        with contextlib.suppress(PushError):
            receive(sent, content_type, "", PushLimits(), NOW_NS)
