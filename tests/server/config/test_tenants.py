"""Overrides: a tenant's own limits, everybody else's untouched, mistakes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import ConfigError, TenantSettings, load_settings, settings_text
from server.config.retention import StreamRetention

FILE = """
limits_config:
  retention_period: 30d
  retention_stream:
    - {selector: '{env="dev"}', priority: 2, period: 24h}
    - selector: '{app=~"a|b"}'
      period: 0s
overrides:
  team-a:
    retention_period: 7d
    max_query_series: 7
    retention_stream: []
  team.b: {max_line_size: 1KB}
"""


def test_a_tenant_has_its_own_limits_and_the_others_those_of_all(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(FILE)
    settings = load_settings(path)
    tenants = TenantSettings(settings)
    assert tenants.of("nobody") is settings
    assert settings.retention.period_s == 30 * 86_400
    dev, rest = StreamRetention('{env="dev"}', 2, 86_400), StreamRetention('{app=~"a|b"}', 0, 0)
    assert settings.retention.rules == (dev, rest)
    own = tenants.of("team-a")
    assert (own.retention.period_s, own.retention.rules, own.query.max_query_series) == (7 * 86_400, (), 7)
    assert tenants.of("team.b").push.max_line_size == 1024
    assert tenants.of("team.b").retention == settings.retention


def test_what_is_printed_reads_back(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(FILE)
    settings = load_settings(tmp_path / "x.yaml")
    (tmp_path / "y.yaml").write_text(settings_text(settings))
    again = load_settings(tmp_path / "y.yaml")
    assert TenantSettings(again).of("team-a") == TenantSettings(again).of("team-a")
    assert again.retention == settings.retention
    assert TenantSettings(again).of("team-a").query == TenantSettings(settings).of("team-a").query


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("overrides: {a: {max_query_serie: 1}}", "overrides.a.max_query_serie: unknown limit"),
        ("overrides: {a: {auth_enabled: true}}", "overrides.a.auth_enabled: unknown limit"),
        ("overrides: {a: {max_query_series: many}}", "overrides.a.max_query_series: 'many' is not a whole number"),
        ("overrides: {a: 1}", "not a mapping of tenants to limits"),
        ("overrides: [a]", "not a mapping of tenants to limits"),
        ("limits_config: {retention_stream: 1}", "not a list of rules"),
        ("limits_config: {retention_stream: [{period: 1d}]}", "is not a rule"),
        ("limits_config: {retention_stream: [{selector: '{a=\"b\"}', period: 1d, x: 1}]}", "is not a rule"),
        (
            "limits_config: {retention_stream: [{selector: '{a=}', period: 1d}]}",
            "the selector {a=} is wrong: parse error",
        ),
        ("limits_config: {retention_stream: [{selector: '{a=\"b\"}', period: long}]}", "'long' is not a duration"),
        ("limits_config: {retention_stream: [{selector: '{a=\"b\"}', period: 1d, priority: -1}]}", "out of range"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert problem in str(caught.value)


def test_everything_can_be_given_in_one_text() -> None:
    settings = load_settings(
        environment={"SKALDLOG_OVERRIDES": '{"a": {"retention_period": "1d"}}'},
        assignments=['limits_config.retention_stream=[{"selector": "{a=\\"b\\"}", "period": "1h"}]'],
    )
    assert TenantSettings(settings).of("a").retention.period_s == 86_400
    assert settings.retention.rules == (StreamRetention('{a="b"}', 0, 3600),)
