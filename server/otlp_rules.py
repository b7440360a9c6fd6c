"""What becomes of OTLP attributes: labels, structured metadata, or nothing. Loki's ``otlp_config`` and its defaults."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from logql.values.regex import compile_regex

__all__ = ["DEFAULT_LABELS", "DEFAULT_OTLP_RULES", "DEFAULT_RULES", "Action", "OtlpRule", "OtlpRules", "action_of"]

# Attributes of a resource that are labels unless the configuration ignores the defaults.
DEFAULT_LABELS = (
    "service.name",
    "service.namespace",
    "service.instance.id",
    "deployment.environment",
    "deployment.environment.name",
    "cloud.region",
    "cloud.availability_zone",
    "k8s.cluster.name",
    "k8s.namespace.name",
    "k8s.pod.name",
    "k8s.container.name",
    "container.name",
    "k8s.replicaset.name",
    "k8s.deployment.name",
    "k8s.statefulset.name",
    "k8s.daemonset.name",
    "k8s.cronjob.name",
    "k8s.job.name",
)


class Action(StrEnum):
    """Named as in the configuration."""

    INDEX_LABEL = "index_label"
    STRUCTURED_METADATA = "structured_metadata"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class OtlpRule:
    """``attributes`` are whole names as sent, ``regex`` matches a whole name; one of the two is given."""

    action: Action
    attributes: tuple[str, ...] = ()
    regex: str = ""


DEFAULT_RULES = (OtlpRule(Action.INDEX_LABEL, DEFAULT_LABELS),)


class OtlpRules(NamedTuple):
    """The first rule that fits an attribute decides; without one it is structured metadata."""

    resource: tuple[OtlpRule, ...] = DEFAULT_RULES
    scope: tuple[OtlpRule, ...] = ()
    log: tuple[OtlpRule, ...] = ()
    severity_text_as_label: bool = False


DEFAULT_OTLP_RULES = OtlpRules()


@lru_cache(4096)
def action_of(name: str, rules: tuple[OtlpRule, ...]) -> Action:
    """What becomes of the attribute of this name."""
    for rule in rules:
        if name in rule.attributes or (rule.regex and compile_regex(rule.regex).fullmatch(name)):
            return rule.action
    return Action.STRUCTURED_METADATA
