"""``multiline``."""

from __future__ import annotations

from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import NOW_NS, Clock, built, mistakes, rows, run

STAGE = r"[{multiline: {firstline: '^\d', max_lines: 4}}]"


def test_lines_up_to_the_next_first_line_are_one() -> None:
    out = run(STAGE, "1 a", "  b", "  c", "2 d", "3 e", " f")
    assert [(row.line, row.ts_ns - NOW_NS) for row in out] == [("1 a\n  b\n  c", 0), ("2 d", 3), ("3 e\n f", 4)]


def test_lines_before_the_first_go_by_themselves() -> None:
    assert [row.line for row in run(STAGE, "x", "y", "1 a", "z")] == ["x", "y", "1 a\nz"]


def test_a_record_has_so_many_lines_at_most() -> None:
    assert [row.line for row in run(STAGE, "1", "a", "b", "c", "d")] == ["1\na\nb\nc", "d"]


def test_streams_are_joined_by_themselves() -> None:
    pipeline = built(STAGE)
    lines = [row for pair in zip(rows("1", "a", s="x"), rows("2", "b", s="y"), strict=True) for row in pair]
    assert sorted(row.line for row in pipeline.run(lines) + pipeline.finish()) == ["1\na", "2\nb"]


def test_a_record_that_is_quiet_for_long_goes_on() -> None:
    clock = Clock()
    pipeline = built("[{multiline: {firstline: '^1', max_wait_time: 2s}}]", Context(now_ns=clock))
    assert pipeline.run(rows("1", "a")) == []
    assert pipeline.tick(clock.now_ns + 1_000_000_000) == []
    assert [row.line for row in pipeline.tick(clock.now_ns + 2_000_000_000)] == ["1\na"]


def test_an_open_record_survives_a_restart() -> None:
    before, after = built(STAGE), built(STAGE)
    before.run(rows("1", "a", "a", job="j"))
    after.restore(before.state())
    (row,) = after.run(rows("b", "2", job="j"))
    assert (row.line, row.ts_ns, row.labels) == ("1\na\na\nb", NOW_NS, {"job": "j"})


def test_mistakes() -> None:
    assert "firstline: this key is needed" in mistakes("[{multiline: {}}]")[0]
    assert "at least 1" in mistakes("[{multiline: {firstline: x, max_lines: 0}}]")[0]
