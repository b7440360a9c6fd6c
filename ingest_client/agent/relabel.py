"""Relabelling as Prometheus has it: rules that change the labels of a target, or drop it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ingest_client.agent.config.section import Section
from ingest_client.agent.regex import BadRegex, Regex

__all__ = ["RelabelRule", "read_rules", "relabelled"]

Labels = dict[str, str]
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_NEED_TARGET = ("replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal")


@dataclass(frozen=True, slots=True)
class RelabelRule:
    """One rule, with Prometheus' defaults."""

    action: str
    sources: tuple[str, ...]
    separator: str
    regex: Regex
    target: str
    replacement: str
    modulus: int


def read_rules(section: Section, name: str = "relabel_configs") -> tuple[RelabelRule, ...]:
    """The rules below a key; mistakes are noted."""
    return tuple(rule for each in section.sections(name) if (rule := _read(each)) is not None)


def relabelled(labels: Mapping[str, str], rules: Iterable[RelabelRule]) -> Labels | None:
    """The labels after all rules, without those that are empty; None when a rule drops the target."""
    current = dict(labels)
    for rule in rules:
        changed = _ACTIONS[rule.action](rule, current)
        if changed is None:
            return None
        current = changed
    return {name: value for name, value in current.items() if value}


def _read(section: Section) -> RelabelRule | None:
    action = section.text("action", "replace").lower()
    target = section.text("target_label")
    expression = section.text("regex", "(.*)")
    rule = (
        tuple(section.texts("source_labels")),
        section.text("separator", ";"),
        _regex(section, expression),
        target,
        section.text("replacement", "$1"),
        section.integer("modulus", 0),
    )
    section.finish()
    if action not in _ACTIONS:
        section.mistake(f"{action!r} is none of {', '.join(_ACTIONS)}", "action")
    elif action in _NEED_TARGET and not target:
        section.mistake(f"{action} needs it", "target_label")
    elif action == "hashmod" and rule[5] == 0:
        section.mistake("hashmod needs it", "modulus")
    elif rule[2] is not None:
        return RelabelRule(action, rule[0], rule[1], rule[2], rule[3], rule[4], rule[5])
    return None


def _regex(section: Section, expression: str) -> Regex | None:
    try:
        return Regex(f"^(?s:(?:{expression}))$")
    except BadRegex as error:
        section.mistake(str(error), "regex")
        return None


def _joined(rule: RelabelRule, labels: Labels) -> str:
    return rule.separator.join(labels.get(name, "") for name in rule.sources)


def _replace(rule: RelabelRule, labels: Labels) -> Labels | None:
    text = _joined(rule, labels)
    data = text.encode()
    spans = rule.regex.spans(data, 0)
    if spans is None:
        return labels
    target = rule.regex.expanded(rule.target, data, spans)
    if not _LABEL.match(target):
        return labels
    return {**labels, target: rule.regex.expanded(rule.replacement, data, spans)}


def _keep(rule: RelabelRule, labels: Labels) -> Labels | None:
    return labels if rule.regex.is_in(_joined(rule, labels)) else None


def _drop(rule: RelabelRule, labels: Labels) -> Labels | None:
    return None if rule.regex.is_in(_joined(rule, labels)) else labels


def _keep_equal(rule: RelabelRule, labels: Labels) -> Labels | None:
    return labels if _joined(rule, labels) == labels.get(rule.target, "") else None


def _drop_equal(rule: RelabelRule, labels: Labels) -> Labels | None:
    return None if _joined(rule, labels) == labels.get(rule.target, "") else labels


def _hash_modulus(rule: RelabelRule, labels: Labels) -> Labels | None:
    digest = hashlib.md5(_joined(rule, labels).encode(), usedforsecurity=False).digest()
    return {**labels, rule.target: str(int.from_bytes(digest[8:], "big") % rule.modulus)}


def _map(rule: RelabelRule, labels: Labels) -> Labels | None:
    mapped = dict(labels)
    for name, value in labels.items():
        data = name.encode()
        spans = rule.regex.spans(data, 0)
        if spans is not None:
            mapped[rule.regex.expanded(rule.replacement, data, spans)] = value
    return mapped


def _label_drop(rule: RelabelRule, labels: Labels) -> Labels | None:
    return {name: value for name, value in labels.items() if not rule.regex.is_in(name)}


def _label_keep(rule: RelabelRule, labels: Labels) -> Labels | None:
    return {name: value for name, value in labels.items() if rule.regex.is_in(name)}


def _lower(rule: RelabelRule, labels: Labels) -> Labels | None:
    return {**labels, rule.target: _joined(rule, labels).lower()}


def _upper(rule: RelabelRule, labels: Labels) -> Labels | None:
    return {**labels, rule.target: _joined(rule, labels).upper()}


_ACTIONS: dict[str, Callable[[RelabelRule, Labels], Labels | None]] = {
    "replace": _replace,
    "keep": _keep,
    "drop": _drop,
    "keepequal": _keep_equal,
    "dropequal": _drop_equal,
    "hashmod": _hash_modulus,
    "labelmap": _map,
    "labeldrop": _label_drop,
    "labelkeep": _label_keep,
    "lowercase": _lower,
    "uppercase": _upper,
}
