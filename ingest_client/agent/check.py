"""What ``logctl check`` says of a configuration before it runs: mistakes stop an agent, hints are worth a look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest_client.agent.config.expand import unexpanded
from ingest_client.agent.config.load import read_config
from ingest_client.agent.config.model import AgentConfig, ScrapeConfig, StaticTarget
from ingest_client.agent.config.section import Findings
from ingest_client.agent.discovery import discovered_targets
from ingest_client.agent.errors import ConfigError
from ingest_client.agent.files.globs import paths_of
from ingest_client.agent.path_labels import PathPattern
from ingest_client.agent.pipeline import Pipeline, build_pipeline
from ingest_client.agent.relabel import relabelled
from ingest_client.agent.stages.match import MatchStage
from ingest_client.agent.stages.stage import Context
from ingest_client.parsing.ladder import FORMATS

__all__ = ["Report", "check_config"]

# Values that are new with every line or every start: as labels they make a stream each.
_EXPLODES = re.compile(
    r"(request|trace|span|session|user|correlation|container|transaction)_?id|uuid|guid|ip|remote_addr|pid|tid|thread(_id)?"
    r"|timestamp|time|ts|date|line|msg|message|latency(_ms)?|duration(_ms)?|bytes|size|url|uri|path|query|layer|tactic"
    r"|tensor|batch|seq|offset",
    re.IGNORECASE,
)
# What every row has, and what the tensorrt stage puts there.
_ALWAYS = {"filename", "job", "Value", "Entry"}
_OF_TENSORRT = {"level", "event", "component", "phase", "ts_text", "benign", "cascade", "incident", "repeat_count"}
_MAX_FILES = 200


@dataclass(frozen=True, slots=True)
class Report:
    """``mistakes`` keep the agent from starting."""

    mistakes: tuple[str, ...]
    hints: tuple[str, ...]


def check_config(text: str, name: str = "configuration") -> Report:
    """Read a configuration, compile its pipelines and look at its files; nothing is changed or sent."""
    try:
        config = read_config(text, name)
    except ConfigError as error:
        return Report(error.mistakes, ())
    findings, hints = Findings(), [*config.warnings]
    if not config.scrape:
        hints.append("scrape_configs: there are none, so nothing is read")
    for scrape in config.scrape:
        pipeline = build_pipeline(scrape.stages, scrape.where, findings, Context())
        hints.extend(_of_job(scrape, pipeline))
    hints.extend(_of_text(text, config))
    return Report(tuple(findings.mistakes), tuple(dict.fromkeys([*hints, *findings.warnings])))


def _of_text(text: str, config: AgentConfig) -> Iterator[str]:
    for client in config.clients:
        if not client.settings.tls.verify:
            yield f"clients: {client.name}: insecure_skip_verify sends lines to anybody who answers"
    reference = unexpanded("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))
    if reference is not None:
        yield f"{reference} stays as it is unless the agent is started with --expand-env"


def _of_job(scrape: ScrapeConfig, pipeline: Pipeline) -> Iterator[str]:
    where = scrape.where.removesuffix(".pipeline_stages")
    targets = [*scrape.static, *_discovered(scrape)]
    if not targets and scrape.journal is None:
        yield f"{where}: job {scrape.job_name!r} names no files: write static_configs with __path__"
    known = set(_ALWAYS)
    for target in targets:
        labels = relabelled({**target.labels, "__path__": target.path}, scrape.relabel)
        if labels is None:
            yield f"{where}: relabel_configs drop {target.path!r}: nothing of it is read"
            continue
        known |= labels.keys()
        yield from _of_target(where, target)
    for rule in scrape.relabel:
        if "filename" in rule.sources or "__path__" in rule.sources:
            yield (
                f"{where}.relabel_configs: they see the pattern in __path__ and not the path of each file; for labels "
                "from paths use path_labels, or the regex stage with source: filename"
            )
    yield from _of_stages(scrape.stages, pipeline, scrape.where, known)


def _discovered(scrape: ScrapeConfig) -> list[StaticTarget]:
    return [target for each in scrape.discovered for target in discovered_targets(each, lambda kind, text: None)]


def _of_target(where: str, target: StaticTarget) -> Iterator[str]:
    paths = paths_of(target.path, target.exclude)
    if not paths:
        excluded = len(paths_of(target.path))
        why = f" ({excluded} of them, but {target.exclude!r} excludes all)" if excluded else ""
        yield f"{where}: {target.path!r} matches no file at the moment{why}"
    if len(paths) > _MAX_FILES:
        yield (
            f"{where}: {target.path!r} matches {len(paths)} files, and the label filename makes a stream of each: "
            "add labeldrop: [filename]"
        )
    for name, value in target.labels.items():
        if _EXPLODES.fullmatch(name):
            yield _exploding(f"{where}.static_configs", name)
        if reference := unexpanded(value):
            yield f"{where}.static_configs: label {name!r} holds {reference}; start the agent with --expand-env"
    if target.path_labels and paths and not any(PathPattern(target.path_labels).labels(path) for path in paths):
        yield f"{where}.path_labels: {target.path_labels!r} is the form of none of the files, as {paths[0]!r}"


def _of_stages(documents: Any, pipeline: Pipeline, where: str, known: set[str]) -> Iterator[str]:
    """Hints of stages in order; ``known`` grows by what they extract."""
    ended_at = ""
    numbers = _numbered(documents, pipeline)
    for number, (name, stage) in zip(numbers, pipeline.stages, strict=False):
        place = f"{where}[{number}].{name}"
        if ended_at:
            yield f"{place}: is never reached: {ended_at} drops every line"
        if name == "tensorrt":
            known |= _OF_TENSORRT | {group for each in FORMATS for group in each.pattern.groupindex}
        missing = sorted(source for source in stage.uses if source not in known)
        if missing and "*" not in known and not isinstance(stage, MatchStage):
            yield f"{place}: {', '.join(missing)} is set by no stage before it, so it never has a value"
        if name in ("labels", "tensorrt"):
            yield from _of_labels(place, documents[number].get(name), name)
        if isinstance(stage, MatchStage) and stage.inner is not None:
            inner = documents[number][name].get("stages") or []
            yield from _of_stages(inner, stage.inner, f"{place}.stages", set(known))
        known |= stage.produces
        if _drops_all(name, documents[number].get(name)):
            ended_at = place


def _numbered(documents: Any, pipeline: Pipeline) -> list[int]:
    names = [next(iter(document), None) if isinstance(document, dict) else None for document in documents]
    numbers, place = [], 0
    for name, _ in pipeline.stages:
        while place < len(names) and names[place] != name:
            place += 1
        numbers.append(min(place, len(names) - 1))
        place += 1
    return numbers


def _of_labels(place: str, document: Any, name: str) -> Iterator[str]:
    labels = (document or {}) if name == "labels" else (document or {}).get("labels") or []
    for label in labels:
        if _EXPLODES.fullmatch(str(label)):
            yield _exploding(place, str(label))


def _exploding(place: str, label: str) -> str:
    return (
        f"{place}: label {label!r} will have very many values, and each makes a stream: "
        f"use structured_metadata, and filter with | {label}="
    )


def _drops_all(name: str, document: Any) -> bool:
    document = document if isinstance(document, dict) else {}
    if name == "sampling":
        return bool(document.get("rate") == 0)
    if name == "match" and document.get("action") == "drop":
        return re.fullmatch(r"\s*\{\s*\}\s*", str(document.get("selector"))) is not None
    return (
        name == "drop"
        and document.get("expression") in (".*", "", ".+")
        and not ({"source", "older_than", "longer_than"} & document.keys())
    )
