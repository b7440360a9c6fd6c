"""Streams and the guard over them: labels that would make too many become metadata."""

from __future__ import annotations

import pytest

from ingest_client import InvalidLabels
from ingest_client.complaints import Complaints
from ingest_client.delivery.delivery import Delivery
from ingest_client.entries.streams import Streams
from tests.ingest_client.clients import quick_settings
from tests.ingest_client.receiver import receiving


class Told(Complaints):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        self.texts.append(text)


def test_equal_labels_are_one_stream_whatever_their_order() -> None:
    streams = Streams(500, Told())
    assert streams.stream({"a": "1", "b": 2}) is streams.stream({"b": "2", "a": 1})


@pytest.mark.parametrize(
    "name", ["request_id", "requestId", "TRACE_ID", "span_id", "session_id", "userid", "uuid", "ip"]
)
def test_ids_are_never_labels(name: str) -> None:
    told = Told()
    streams = Streams(500, told)
    stream = streams.stream({"job": "x", name: "7"})
    assert (stream.labels, stream.metadata) == ((("job", "x"),), {name: "7"})
    streams.stream({"job": "x", name: "8"})
    (text,) = told.texts
    assert f"label {name!r} is sent as structured metadata: its values are new with every request" in text
    assert streams.demoted == {name: 2}


@pytest.mark.parametrize("name", ["model", "gpu", "zip", "description", "component", "level"])
def test_other_labels_stay(name: str) -> None:
    assert Streams(500, Told()).stream({name: "x"}).labels == ((name, "x"),)


def test_a_label_whose_values_explode_becomes_metadata_and_the_others_stay() -> None:
    told = Told()
    streams = Streams(10, told)
    made = [streams.stream({"job": "x", "layer": f"conv_{number}"}) for number in range(50)]
    assert [len(stream.labels) for stream in made] == [2] * 10 + [1] * 40
    assert made[20].metadata == {"layer": "conv_20"}
    assert len(told.texts) == 1
    assert "it had more than 10 values in an hour" in told.texts[0]
    assert streams.stream({"job": "x", "layer": "conv_0"}).labels == (("job", "x"),)


def test_values_are_counted_by_the_hour() -> None:
    now_s = [0.0]
    streams = Streams(10, Told(), lambda: now_s[0])
    for number in range(100):
        now_s[0] += 600.0
        assert streams.stream({"model": str(number)}).labels == (("model", str(number)),)


def test_streams_that_differ_in_metadata_only_share_their_timestamps() -> None:
    streams = Streams(500, Told())
    first, second = (streams.stream({"job": "x", "uuid": str(number)}) for number in range(2))
    assert [first.stamp(100), second.stamp(100), first.stamp(100)] == [100, 101, 102]


def test_what_no_server_takes_is_refused() -> None:
    with pytest.raises(InvalidLabels):
        Streams(500, Told()).stream({"a-b": "x"})


def test_an_exploding_label_arrives_as_metadata() -> None:
    with receiving() as receiver:
        with Delivery(quick_settings(receiver.url, max_label_values=5), {"job": "own"}, Told()) as delivery:
            for number in range(20):
                delivery.put([(delivery.stream({"job": "x", "layer": f"{number:02d}"}), number, "line", {"n": "1"})])
            assert delivery.flush(5)
            assert delivery.demoted_labels == {"layer": 15}
        assert len({tuple(labels.items()) for labels, _ in receiver.pushes}) == 6
        assert [value[2].get("layer") for value in receiver.values if "layer" in value[2]] == [
            f"{number:02d}" for number in range(5, 20)
        ]
