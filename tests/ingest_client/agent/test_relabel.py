"""Relabelling, rule by rule."""

from __future__ import annotations

import hashlib

import pytest
import yaml

from ingest_client.agent.config.section import Findings, Section
from ingest_client.agent.path_labels import PathPattern
from ingest_client.agent.relabel import read_rules, relabelled

LABELS = {"job": "web", "__meta_unit": "ssh.service", "level": "WARN"}


def result(rules: str) -> dict[str, str] | None:
    findings = Findings()
    read = read_rules(Section({"relabel_configs": yaml.safe_load(rules)}, "", findings))
    findings.raise_mistakes()
    return relabelled(LABELS, read)


@pytest.mark.parametrize(
    ("rules", "changed"),
    [
        ("[{source_labels: [__meta_unit], target_label: unit}]", {"unit": "ssh.service"}),
        ("[{source_labels: [__meta_unit], regex: '(.+)\\.service', target_label: unit}]", {"unit": "ssh"}),
        ("[{source_labels: [job, level], separator: '/', target_label: both}]", {"both": "web/WARN"}),
        ("[{source_labels: [job], regex: w, target_label: x, replacement: no}]", {}),
        ("[{target_label: env, replacement: prod}]", {"env": "prod"}),
        ("[{source_labels: [job], regex: '(?P<n>.)(.*)', target_label: x, replacement: '${n}-$2'}]", {"x": "w-eb"}),
        ("[{source_labels: [level], action: lowercase, target_label: level}]", {"level": "warn"}),
        ("[{source_labels: [job], action: uppercase, target_label: big}]", {"big": "WEB"}),
        ("[{action: labelmap, regex: __meta_(.+)}]", {"unit": "ssh.service"}),
        ("[{action: labeldrop, regex: level}]", {"level": None}),
        ("[{action: labelkeep, regex: job|level}]", {"__meta_unit": None}),
        ("[{target_label: job, replacement: ''}]", {"job": None}),
    ],
)
def test_rules_that_change_labels(rules: str, changed: dict[str, str | None]) -> None:
    expected = {name: value for name, value in {**LABELS, **changed}.items() if value is not None}
    assert result(rules) == expected


@pytest.mark.parametrize(
    ("rules", "is_kept"),
    [
        ("[{source_labels: [job], action: keep, regex: web}]", True),
        ("[{source_labels: [job], action: keep, regex: we}]", False),
        ("[{source_labels: [job], action: drop, regex: w.b}]", False),
        ("[{source_labels: [none], action: drop, regex: .+}]", True),
        ("[{source_labels: [job], action: keepequal, target_label: level}]", False),
        ("[{source_labels: [job], action: dropequal, target_label: job}]", False),
    ],
)
def test_rules_that_drop_targets(rules: str, is_kept: bool) -> None:
    assert (result(rules) is not None) is is_kept


def test_hashes_are_those_of_prometheus() -> None:
    changed = result("[{source_labels: [job], action: hashmod, modulus: 1000, target_label: shard}]")
    digest = hashlib.md5(b"web", usedforsecurity=False).digest()
    assert changed is not None
    assert changed["shard"] == str(int.from_bytes(digest[8:], "big") % 1000)


@pytest.mark.parametrize(
    ("pattern", "path", "labels"),
    [
        (
            "/logs/{model}/{precision}-gpu{gpu}.log",
            "/logs/yolo/fp16-gpu0.log",
            {"model": "yolo", "precision": "fp16", "gpu": "0"},
        ),
        ("/logs/{model}/{precision}-gpu{gpu}.log", "/logs/yolo/other.log", {}),
        ("/logs/{model}.log", "/logs/a/b.log", {}),
        ("/l.gs/{a}", "/logs/x", {}),
    ],
)
def test_labels_from_paths(pattern: str, path: str, labels: dict[str, str]) -> None:
    assert PathPattern(pattern).labels(path) == labels


@pytest.mark.parametrize("pattern", ["/logs/x.log", "/logs/{1a}.log", "/logs/{a}/{a}.log"])
def test_patterns_that_make_no_labels(pattern: str) -> None:
    with pytest.raises(ValueError, match="label"):
        PathPattern(pattern)
