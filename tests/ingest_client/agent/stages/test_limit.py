"""``limit`` and ``sampling``."""

from __future__ import annotations

from ingest_client.agent.row import Row
from ingest_client.agent.stages.sampling import SamplingStage
from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import Clock, built, mistakes, rows

SECOND_NS = 1_000_000_000


def test_more_than_the_burst_waits_in_order_and_its_reader_is_told() -> None:
    clock = Clock()
    pipeline = built("[{limit: {rate: 2, burst: 3}}]", Context(now_ns=clock))
    assert [row.line for row in pipeline.run(rows(*"abcdefg"))] == ["a", "b", "c"]
    assert pipeline.waiting() == 4
    clock.now_ns += SECOND_NS
    assert [row.line for row in pipeline.tick(clock.now_ns)] == ["d", "e"]
    assert [row.line for row in pipeline.finish()] == ["f", "g"]


def test_what_waits_survives_a_restart() -> None:
    clock = Clock()
    pipeline = built("[{limit: {rate: 1, burst: 1}}]", Context(now_ns=clock))
    pipeline.run(rows(*"abc", job="j"))
    after = built("[{limit: {rate: 1, burst: 1}}]", Context(now_ns=clock))
    after.restore(pipeline.state())
    assert [(row.line, row.labels) for row in after.finish()] == [("b", {"job": "j"}), ("c", {"job": "j"})]


def test_more_than_the_burst_goes_where_that_is_asked_for() -> None:
    context = Context(now_ns=Clock())
    pipeline = built("[{limit: {rate: 1, burst: 2, drop: true}}]", context)
    assert len(pipeline.run(rows(*"abcde"))) == 2
    assert context.dropped["limit_stage"] == 3


def test_each_value_of_a_label_has_its_limit() -> None:
    pipeline = built("[{limit: {rate: 1, burst: 1, drop: true, by_label_name: app}}]", Context(now_ns=Clock()))
    lines = [*rows("a", "b", app="x"), *rows("c", "d", app="y"), *rows("e", "f")]
    assert [row.line for row in pipeline.run(lines)] == ["a", "c", "e", "f"]


def test_a_sample_is_a_share_and_the_rest_is_counted() -> None:
    context = Context()
    chances = iter([0.1, 0.6, 0.4, 0.9])
    stage = SamplingStage(0.5, "sampled", context, lambda: next(chances))
    assert [row.line for row in stage.process(rows(*"abcd"))] == ["a", "c"]
    assert context.dropped["sampled"] == 2


def test_mistakes() -> None:
    assert len(mistakes("[{limit: {}}]")) == 2
    assert "only with drop" in mistakes("[{limit: {rate: 1, burst: 1, by_label_name: a}}]")[0]
    assert "share from 0 to 1" in mistakes("[{sampling: {rate: 2}}]")[0]
    assert "share from 0 to 1" in mistakes("[{sampling: {}}]")[0]


def test_rows_come_back_from_json_as_they_were() -> None:
    row = Row("x", 5, {"a": "b"}, "file", {"m": "n"}, {"e": 1})
    assert Row.from_json(row.to_json()).to_json() == row.to_json()
