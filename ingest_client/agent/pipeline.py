"""A pipeline: stages compiled once, run over lists of rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from ingest_client.agent.config.section import Findings, Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["STAGES", "Pipeline", "build_pipeline"]

Build = Callable[[Section, Context], Stage | None]
_PACKAGE = "ingest_client.agent.stages"
STAGES = {
    "cri": "cri",
    "decolorize": "decolorize",
    "docker": "docker",
    "drop": "drop",
    "eventlogmessage": "unsupported",
    "geoip": "unsupported",
    "json": "json_stage",
    "labelallow": "labelallow",
    "labeldrop": "labeldrop",
    "labels": "labels",
    "limit": "limit",
    "logfmt": "logfmt",
    "match": "match",
    "metrics": "metrics",
    "multiline": "multiline",
    "non_indexed_labels": "structured_metadata",
    "output": "output",
    "pack": "pack",
    "regex": "regex",
    "replace": "replace",
    "sampling": "sampling",
    "static_labels": "static_labels",
    "structured_metadata": "structured_metadata",
    "template": "template",
    "tenant": "tenant",
    "tensorrt": "tensorrt",
    "timestamp": "timestamp",
}


class Pipeline:
    """Rows go through ``stages`` in order. Used by one thread."""

    def __init__(self, stages: Sequence[tuple[str, Stage]]) -> None:
        self.stages = tuple(stages)
        self.uses = frozenset(name for _, stage in stages for name in stage.uses)
        self.produces = frozenset(name for _, stage in stages for name in stage.produces)

    def run(self, rows: list[Row], first: int = 0) -> list[Row]:
        """The rows that come out, having entered at stage ``first``."""
        for _, stage in self.stages[first:]:
            if not rows:
                return rows
            rows = stage.process(rows)
        return rows

    def tick(self, now_ns: int) -> list[Row]:
        """What stages let go by the clock."""
        return [
            row for number, (_, stage) in enumerate(self.stages) for row in self.run(stage.tick(now_ns), number + 1)
        ]

    def finish(self) -> list[Row]:
        """Everything that is held back, in order: there will be no more."""
        return [row for number, (_, stage) in enumerate(self.stages) for row in self.run(stage.finish(), number + 1)]

    def waiting(self) -> int:
        """Rows that a reader should wait for."""
        return sum(stage.waiting() for _, stage in self.stages)

    def state(self) -> Any:
        """What is held back, by the number of the stage; None for nothing."""
        states = {str(number): state for number, (_, stage) in enumerate(self.stages) if (state := stage.state())}
        return states or None

    def restore(self, states: Any) -> None:
        """Take over what another process held back; stages that are others now take nothing."""
        for number, state in states.items():
            if int(number) < len(self.stages):
                self.stages[int(number)][1].restore(state)


def build_pipeline(stages: Sequence[Any], where: str, findings: Findings, context: Context) -> Pipeline:
    """Compile ``pipeline_stages``; mistakes are noted and their stages left out."""
    built = []
    for number, document in enumerate(stages):
        section = Section(document, f"{where}[{number}]", findings)
        name = _name(section)
        if name is not None:
            # Our own stage is nobody else's to be lenient with.
            section = Section(document, section.where, findings, forgives=name != "tensorrt")
            stage = _builder(name)(section, context)
            if stage is not None:
                built.append((name, stage))
    return Pipeline(built)


def _name(section: Section) -> str | None:
    if len(section.names) != 1:
        section.mistake(f"write one stage for each item of the list, not {', '.join(section.names) or 'none'}")
        return None
    name = section.names[0]
    if name in STAGES:
        return name
    near = difflib.get_close_matches(name, STAGES, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(STAGES)}"
    section.mistake(f"no such stage; {hint}", name)
    return None


def _builder(name: str) -> Build:
    build: Build = import_module(f"{_PACKAGE}.{STAGES[name]}").build
    return build
