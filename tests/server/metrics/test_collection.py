"""The text format of the metrics."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from server.http.routing import metric_name
from server.metrics import Counter, Histogram, Metrics
from server.metrics.instruments import sample_line

SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? (-?[0-9.e+-]+|NaN)'
)


@given(st.text())
def test_any_label_value_stays_on_its_line(text: str) -> None:
    line = sample_line("name", [("label", text)], 1)
    assert SAMPLE.fullmatch(line)
    quoted = line.removeprefix('name{label="').removesuffix('"} 1')
    assert re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), quoted) == text


def test_a_histogram_counts_each_observation_in_all_larger_buckets() -> None:
    histogram = Histogram("seconds", "Help.", ("route",), (0.1, 1))
    for value in (0.1, 0.5, 5):
        histogram.observe(value, "r")
    assert list(histogram.samples()) == [
        'seconds_bucket{route="r",le="0.1"} 1',
        'seconds_bucket{route="r",le="1"} 2',
        'seconds_bucket{route="r",le="+Inf"} 3',
        'seconds_sum{route="r"} 5.6',
        'seconds_count{route="r"} 3',
    ]


def test_a_counter_without_labels_is_there_from_the_start() -> None:
    assert list(Counter("total", "Help.").samples()) == ["total 0"]


def test_every_line_of_the_exposition_is_a_comment_or_a_sample_and_families_are_whole() -> None:
    metrics = Metrics()
    metrics.pushes.lines_received.add(3, "fake", "false", "", "loki")
    metrics.requests.seconds.observe(0.2, "GET", "ready", "200", "false")
    lines = metrics.exposition({"wal_bytes": 12, "wal_syncs_total": 1}).decode().splitlines()
    assert all(line.startswith("# ") or SAMPLE.fullmatch(line) for line in lines)
    types = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert "skaldlog_wal_bytes 12" in lines
    assert "# TYPE skaldlog_wal_syncs_total counter" in lines
    assert (
        'loki_distributor_lines_received_total{tenant="fake",is_internal_stream="false",policy="",format="loki"} 3'
        in lines
    )


def test_route_names_are_those_of_the_dashboards() -> None:
    assert metric_name("/loki/api/v1/label/{name}/values") == "loki_api_v1_label_name_values"
    assert metric_name("/ready") == "ready"
