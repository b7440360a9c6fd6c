"""``otlp_config`` as an operator writes it: which attributes become labels, structured metadata, or nothing."""

from __future__ import annotations

from typing import Any

import orjson

from logql.values.regex import compile_regex
from server.config.kinds import BOOL, TEXTS, Kind
from server.otlp_rules import DEFAULT_RULES, Action, OtlpRule, OtlpRules

__all__ = ["OTLP_RULES"]

_PLACES = {"resource_attributes", "scope_attributes", "log_attributes", "severity_text_as_label"}
_RESOURCE = {"ignore_defaults", "attributes_config"}
_RULE = {"action", "attributes", "regex"}
_HELP = "write it like {log_attributes: [{action: drop, attributes: [http.url]}]}"


def _read(raw: Any) -> OtlpRules:
    """A YAML mapping, or the same as JSON in one text."""
    if isinstance(raw, str):
        raw = _from_json(raw)
    given = _mapping({} if raw is None else raw, _PLACES)
    scope = _rules(given.get("scope_attributes"))
    if any(rule.action is Action.INDEX_LABEL for rule in scope):
        raise ValueError("scope_attributes: index_label is not possible there: use structured_metadata or drop")
    return OtlpRules(
        _resource_rules(_mapping(given.get("resource_attributes") or {}, _RESOURCE)),
        scope,
        _rules(given.get("log_attributes")),
        BOOL.read(given.get("severity_text_as_label", False)),
    )


def _from_json(text: str) -> Any:
    try:
        return orjson.loads(text) if text.strip() else None
    except ValueError:
        raise ValueError(f"{text!r} is not JSON: {_HELP}") from None


def _mapping(raw: Any, known: set[str]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(f"{raw!r} is not a mapping: {_HELP}")
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(sorted(known))}")
    return raw


def _resource_rules(given: dict[str, Any]) -> tuple[OtlpRule, ...]:
    own = _rules(given.get("attributes_config"))
    return own if BOOL.read(given.get("ignore_defaults", False)) else DEFAULT_RULES + own


def _rules(raw: Any) -> tuple[OtlpRule, ...]:
    if not isinstance(raw, list | None):
        raise ValueError(f"{raw!r} is not a list of rules: {_HELP}")
    return tuple(_rule(_mapping(item, _RULE)) for item in raw or ())


def _rule(item: dict[str, Any]) -> OtlpRule:
    try:
        action = Action(str(item.get("action")))
    except ValueError:
        raise ValueError(f"action: {item.get('action')!r} is none of {', '.join(Action)}") from None
    attributes, regex = TEXTS.read(item.get("attributes", [])), str(item.get("regex", ""))
    if bool(attributes) == bool(regex):
        raise ValueError(f"{item!r} needs either attributes or a regex: {_HELP}")
    try:
        compile_regex(regex)
    except ValueError as error:
        raise ValueError(f"the regex {regex!r} is wrong: {error}") from None
    return OtlpRule(action, attributes, regex)


def _show(rules: OtlpRules) -> dict[str, Any]:
    """All rules, the defaults too, as clients of ``drilldown-limits`` look for them."""
    others = {
        "scope_attributes": _shown(rules.scope),
        "log_attributes": _shown(rules.log),
        "severity_text_as_label": rules.severity_text_as_label,
    }
    resource = {"ignore_defaults": True, "attributes_config": _shown(rules.resource)}
    return {"resource_attributes": resource} | {name: value for name, value in others.items() if value}


def _shown(rules: tuple[OtlpRule, ...]) -> list[dict[str, Any]]:
    return [
        {"action": str(rule.action), **({"regex": rule.regex} if rule.regex else {"attributes": list(rule.attributes)})}
        for rule in rules
    ]


OTLP_RULES = Kind("mapping", _read, _show)
