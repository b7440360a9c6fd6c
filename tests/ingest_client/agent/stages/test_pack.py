"""``pack``, ``metrics`` and stages that are known by name only."""

from __future__ import annotations

import json

import pytest
import yaml

from ingest_client.agent.config.section import Findings
from ingest_client.agent.pipeline import build_pipeline
from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import NOW_NS, Clock, built, mistakes, rows


def test_labels_and_line_become_one_object() -> None:
    clock = Clock()
    clock.now_ns += 5
    pipeline = built("[{pack: {labels: [pod, missing, app]}}]", Context(now_ns=clock))
    (row,) = pipeline.run(rows("the line", pod="p", app="a", job="j"))
    assert json.loads(row.line) == {"app": "a", "pod": "p", "_entry": "the line"}
    assert (row.labels, row.ts_ns) == ({"job": "j"}, NOW_NS + 5)


def test_the_time_can_stay() -> None:
    (row,) = built("[{pack: {labels: [a], ingest_timestamp: false}}]", Context(now_ns=lambda: 0)).run(rows("x", a="b"))
    assert row.ts_ns == NOW_NS


def test_metrics_count_set_and_observe() -> None:
    context = Context()
    text = """
    - regex: {expression: 'took (?P<ms>\\d+) (?P<state>\\w+)'}
    - metrics:
        lines_total: {type: Counter, description: all, config: {match_all: true, action: inc}}
        bytes_total: {type: Counter, prefix: my_, config: {match_all: true, count_entry_bytes: true, action: add}}
        failed_total: {type: Counter, source: state, config: {value: failed, action: inc}}
        last_ms: {type: Gauge, source: ms, config: {action: set}}
        took_ms: {type: Histogram, source: ms, config: {buckets: [10, 100]}}
    """
    built(text, context).run(rows("took 5 ok", "took 50 failed", "took 500 ok", "other", job="j", filename="f"))
    page = context.metrics.page()
    for line in (
        'promtail_custom_lines_total{job="j"} 4',
        'my_bytes_total{job="j"} 39',
        'promtail_custom_failed_total{job="j"} 1',
        'promtail_custom_last_ms{job="j"} 500',
        'promtail_custom_took_ms_bucket{job="j",le="10"} 1',
        'promtail_custom_took_ms_bucket{job="j",le="100"} 2',
        'promtail_custom_took_ms_bucket{job="j",le="+Inf"} 3',
        'promtail_custom_took_ms_sum{job="j"} 555',
        'promtail_custom_took_ms_count{job="j"} 3',
    ):
        assert line in page.splitlines()


@pytest.mark.parametrize(
    ("metric", "cause"),
    [
        ("{type: Summary}", "Counter, Gauge or Histogram"),
        ("{type: Gauge}", "a Gauge knows set"),
        ("{type: Histogram, config: {buckets: [a]}}", "numbers are needed"),
    ],
)
def test_mistakes(metric: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(f"[{{metrics: {{m: {metric}}}}}]"))


@pytest.mark.parametrize("name", ["geoip", "eventlogmessage"])
def test_stages_that_are_not_supported_let_lines_pass_and_say_so(name: str) -> None:
    findings = Findings()
    pipeline = build_pipeline(yaml.safe_load(f"[{{{name}: {{db: x}}}}]"), "s", findings, Context())
    assert (findings.mistakes, len(findings.warnings)) == ([], 1)
    assert name in findings.warnings[0]
    assert len(pipeline.run(rows("x"))) == 1
