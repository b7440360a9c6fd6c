"""The report: every figure that was measured is in it, what was not measured is left out."""

from __future__ import annotations

import json
from dataclasses import replace

from benchmarks.asking import Asked, Times
from benchmarks.floors import FloorGauge, Floors
from benchmarks.questions import Question
from benchmarks.report import Ingest, Report

QUESTION = Question("rare needle", '{a="b"} |= "x"', 10, 100)
INGEST = Ingest(2.0, 0.004, 0.03, 1, 2.5, 1.5, 200_000_000, 300_000_000)
REPORT = Report(
    url="http://127.0.0.1:3100",
    lines=1_000_000,
    streams=50,
    line_bytes=133_000_000,
    end_ns=1,
    floors=Floors(400.0, 0.1, 6),
    ingest=INGEST,
    asked=[Asked(QUESTION, Times(0.15, 0.14, 0.2), 10)],
    query_peak_rss_bytes=310_000_000,
    disk_bytes=26_600_000,
)


def row(report: Report, name: str) -> str:
    return next(line for line in report.as_table().splitlines() if line.startswith(name))


def test_ingest_is_given_per_cpu_second_and_as_a_multiple_of_c() -> None:
    assert "53.2 MB per CPU-second = 0.133 C" in row(REPORT, "push, server CPU")
    assert "33.2 MB per CPU-second = 0.083 C" in row(REPORT, "with the flush, CPU")
    assert "66.5 MB/s, 500,000 lines/s" in row(REPORT, "push ")


def test_questions_are_given_in_milliseconds_and_as_a_multiple_of_d() -> None:
    assert row(REPORT, "rare needle").split()[2:] == ["150.0", "ms", "140.0", "200.0", "1.50", "10"]


def test_a_wrong_answer_stands_out() -> None:
    wrong = replace(REPORT, asked=[Asked(QUESTION, Times(0.1, 0.1, 0.1), 9)])
    assert row(wrong, "rare needle").endswith("9  WRONG: expected 10")


def test_a_refused_question_shows_why() -> None:
    assert row(replace(REPORT, asked=[Asked(QUESTION, refusal="not built")]), "rare needle").endswith("not built")


def test_figures_that_were_not_measured_are_left_out() -> None:
    unseen = replace(INGEST, cpu_s=None, flush_cpu_s=None, rss_bytes=None, peak_rss_bytes=None)
    table = replace(REPORT, ingest=unseen, query_peak_rss_bytes=None, disk_bytes=None).as_table()
    assert not any(word in table for word in ("CPU", "RSS", "disk"))
    assert "MB/s" in replace(REPORT, ingest=None).as_table()


def test_json_carries_the_same_figures_and_the_multiples() -> None:
    figures = json.loads(REPORT.as_json())
    assert figures["multiples"] == {"push MB per CPU-second / C": 0.133, "rare needle / D": 1.4999999999999998}
    assert figures["asked"][0]["times"]["median_s"] == 0.15
    assert figures["ingest"]["cpu_s"] == 2.5


def test_floors_are_the_best_of_all_rounds() -> None:
    gauge = FloorGauge([b"inference done " * 5000] * 3)
    gauge.measure(2)
    first = gauge.floors
    gauge.measure(3)
    assert gauge.floors.rounds == 5
    assert 0 < gauge.floors.decompress_s <= first.decompress_s
    assert gauge.floors.compress_mb_per_s >= first.compress_mb_per_s
