"""``otlp_config``: defaults come first unless they are ignored, mistakes are named, a tenant may have its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.config import TenantSettings, load_settings
from server.config.otlp import OTLP_RULES
from server.otlp_rules import DEFAULT_RULES, Action, OtlpRule, OtlpRules, action_of

DROP = {"action": "drop", "attributes": ["a.b"]}
DROPS = OtlpRule(Action.DROP, ("a.b",))


@pytest.mark.parametrize(
    ("raw", "rules"),
    [
        (None, OtlpRules()),
        ("", OtlpRules()),
        ({}, OtlpRules()),
        ({"resource_attributes": {"attributes_config": [DROP]}}, OtlpRules((*DEFAULT_RULES, DROPS))),
        (
            {"resource_attributes": {"ignore_defaults": "true", "attributes_config": [DROP]}},
            OtlpRules((DROPS,)),
        ),
        ({"resource_attributes": {"ignore_defaults": True}}, OtlpRules(())),
        ({"scope_attributes": [DROP], "log_attributes": [DROP, DROP]}, OtlpRules(scope=(DROPS,), log=(DROPS, DROPS))),
        ('{"severity_text_as_label": true}', OtlpRules(severity_text_as_label=True)),
        (
            {"log_attributes": [{"action": "structured_metadata", "regex": "x.*"}]},
            OtlpRules(log=(OtlpRule(Action.STRUCTURED_METADATA, regex="x.*"),)),
        ),
    ],
)
def test_rules_are_read_and_what_is_shown_reads_back(raw: Any, rules: OtlpRules) -> None:
    assert OTLP_RULES.read(raw) == rules
    assert OTLP_RULES.read(OTLP_RULES.show(rules)) == rules


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ([], "is not a mapping"),
        ("{", "is not JSON"),
        ({"resource": {}}, "'resource' is none of log_attributes, resource_attributes, scope_attributes"),
        ({"resource_attributes": {"attributes": []}}, "'attributes' is none of attributes_config, ignore_defaults"),
        ({"resource_attributes": [DROP]}, "is not a mapping"),
        ({"resource_attributes": {"ignore_defaults": "maybe"}}, "'maybe' is neither true nor false"),
        ({"log_attributes": {}}, "is not a list of rules"),
        ({"log_attributes": ["drop"]}, "'drop' is not a mapping"),
        ({"log_attributes": [{"action": "keep", "regex": "a"}]}, "'keep' is none of index_label, structured_metadata"),
        ({"log_attributes": [{"regex": "a"}]}, "None is none of index_label"),
        ({"log_attributes": [{"action": "drop"}]}, "needs either attributes or a regex"),
        ({"log_attributes": [{**DROP, "regex": "a"}]}, "needs either attributes or a regex"),
        ({"log_attributes": [{"action": "drop", "regex": "("}]}, "the regex '(' is wrong: "),
        ({"log_attributes": [{**DROP, "attribute": "a"}]}, "'attribute' is none of action, attributes, regex"),
        ({"scope_attributes": [{"action": "index_label", "regex": "a"}]}, "scope_attributes: index_label is not"),
    ],
)
def test_mistakes_are_named(raw: Any, text: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        OTLP_RULES.read(raw)
    assert text in str(raised.value)


@pytest.mark.parametrize(
    ("name", "action"),
    [("a.b", "drop"), ("ab", "structured_metadata"), ("host.id", "index_label"), ("xhost", "structured_metadata")],
)
def test_the_first_rule_that_fits_decides(name: str, action: str) -> None:
    rules = (DROPS, OtlpRule(Action.INDEX_LABEL, regex="host.*|a.b"), OtlpRule(Action.DROP, regex="host.*"))
    assert action_of(name, rules) == action


def test_a_tenant_may_have_rules_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("overrides: {a: {otlp_config: {log_attributes: [{action: drop, attributes: [a.b]}]}}}")
    tenants = TenantSettings(load_settings(path))
    assert tenants.of("a").push.otlp_rules == OtlpRules(log=(DROPS,))
    assert tenants.of("b").push.otlp_rules == OtlpRules()
