"""Pipelines from YAML over lines, for the tests of stages."""

from __future__ import annotations

from typing import Any

import yaml

from ingest_client.agent.config.section import Findings
from ingest_client.agent.pipeline import Pipeline, build_pipeline
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context

NOW_NS = 1_700_000_000_000_000_000


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_ns = NOW_NS

    def __call__(self) -> int:
        return self.now_ns


def built(text: str, context: Context | None = None) -> Pipeline:
    """The pipeline of a list of stages. Raises ConfigError."""
    findings = Findings()
    pipeline = build_pipeline(yaml.safe_load(text), "stages", findings, context or Context())
    findings.raise_mistakes()
    return pipeline


def mistakes(text: str) -> list[str]:
    """What is wrong with a list of stages."""
    findings = Findings()
    build_pipeline(yaml.safe_load(text), "stages", findings, Context())
    return findings.mistakes


def warnings(text: str) -> list[str]:
    """What has no effect in a list of stages."""
    findings = Findings()
    build_pipeline(yaml.safe_load(text), "stages", findings, Context())
    return findings.warnings


def rows(*lines: str, **labels: str) -> list[Row]:
    """Rows of one source, a nanosecond apart."""
    return [Row(line, NOW_NS + number, dict(labels), "file") for number, line in enumerate(lines)]


def run(text: str, *lines: str, **labels: str) -> list[Row]:
    """The rows that come out, all that is held back included."""
    pipeline = built(text)
    return pipeline.run(rows(*lines, **labels)) + pipeline.finish()


def only(text: str, line: str, **labels: str) -> Row:
    """The one row that comes out for a line."""
    (row,) = run(text, line, **labels)
    return row


def extracted(text: str, line: str) -> dict[str, Any]:
    """What is in the extracted map."""
    return only(text, line).extracted
