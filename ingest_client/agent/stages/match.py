"""``match``: stages for the lines that a selector takes, or their end."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from ingest_client.agent.config.section import Section
from ingest_client.agent.pipeline import Pipeline, build_pipeline
from ingest_client.agent.row import Row
from ingest_client.agent.selector import BadSelector, Test, parse_selector
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["MatchStage", "build"]


class MatchStage(Stage):
    """Other lines pass by; the order of lines stays."""

    def __init__(self, test: Test, inner: Pipeline | None, reason: str, context: Context) -> None:
        self.test, self.inner, self._reason, self._context = test, inner, reason, context
        if inner is not None:
            self.produces = inner.produces
            self.uses = inner.uses

    def process(self, rows: list[Row]) -> list[Row]:
        out: list[Row] = []
        for matches, group in groupby(rows, self.test):
            if not matches:
                out.extend(group)
            elif self.inner is not None:
                out.extend(self.inner.run(list(group)))
            else:
                self._context.dropped[self._reason] += sum(1 for _ in group)
        return out

    def tick(self, now_ns: int) -> list[Row]:
        return self.inner.tick(now_ns) if self.inner else []

    def finish(self) -> list[Row]:
        return self.inner.finish() if self.inner else []

    def waiting(self) -> int:
        return self.inner.waiting() if self.inner else 0

    def state(self) -> Any:
        return self.inner.state() if self.inner else None

    def restore(self, state: Any) -> None:
        if self.inner:
            self.inner.restore(state)


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``match``."""
    section = parent.section("match")
    action = section.text("action", "keep")
    section.text("pipeline_name")
    reason = section.text("drop_counter_reason", "match_stage")
    stages = section.raw("stages")
    test = _test(section)
    section.finish()
    if action not in ("keep", "drop"):
        section.mistake(f"keep or drop, not {action!r}", "action")
    if action == "drop" and stages:
        section.mistake("have no effect on lines that are dropped: leave them out", "stages")
    if action == "keep" and not stages:
        section.mistake("are needed, or action: drop", "stages")
    inner = (
        None if action == "drop" else build_pipeline(stages or [], section.place("stages"), section.findings, context)
    )
    return MatchStage(test, inner, reason, context) if test is not None else None


def _test(section: Section) -> Test | None:
    try:
        return parse_selector(section.text("selector", required=True))
    except BadSelector as error:
        section.mistake(str(error), "selector")
        return None
