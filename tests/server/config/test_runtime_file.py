"""Overrides from a file that changes: in force when it is right, as they were when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import ConfigError, TenantSettings, load_settings


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    return tmp_path / "overrides.yaml"


def tenants_of(path: Path, *assignments: str) -> TenantSettings:
    return TenantSettings(load_settings(assignments=[f"runtime_config.file={path}", *assignments]))


def series_of(tenants: TenantSettings, *names: str) -> list[int]:
    return [tenants.of(name).query.max_query_series for name in names]


def test_the_file_wins_over_the_configuration(path: Path) -> None:
    path.write_text("overrides: {a: {max_query_series: 1}}\n")
    tenants = tenants_of(
        path, 'overrides={"a": {"max_query_series": 9, "max_line_size": "1KB"}, "b": {"max_query_series": 8}}'
    )
    assert series_of(tenants, "a", "b", "c") == [1, 8, 500]
    assert tenants.of("a").push.max_line_size == 1024


def test_a_change_is_seen_once_and_what_is_gone_is_gone(path: Path) -> None:
    path.write_text("overrides: {a: {max_query_series: 1}}\n")
    tenants = tenants_of(path)
    assert not tenants.refresh()
    path.write_text("overrides:\n  b:\n    max_query_series: 22\n")
    assert [tenants.refresh(), tenants.refresh()] == [True, False]
    assert series_of(tenants, "a", "b") == [500, 22]
    path.write_text("")
    assert tenants.refresh()
    assert series_of(tenants, "a", "b") == [500, 500]


BROKEN = [
    ("overrides: {a: {max_query_series: many}}", "overrides.a.max_query_series: 'many' is not a whole number"),
    ("overrides: {a: {max_query_serie: 1}}", "overrides.a.max_query_serie: unknown limit"),
    ("overrides: [a]", "not a mapping of tenants to limits"),
    ("limits_config: {max_query_series: 1}", "unknown here: this file has only `overrides:"),
    ("overrides: {a", "is not YAML"),
    ("- a", "must be a mapping"),
]


@pytest.mark.parametrize(("text", "problem"), BROKEN)
def test_a_file_that_cannot_be_used_is_named_once_and_changes_nothing(path: Path, text: str, problem: str) -> None:
    path.write_text("overrides: {a: {max_query_series: 1}}\n")
    tenants = tenants_of(path)
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        tenants.refresh()
    assert str(refused.value).startswith(f"{path}")
    assert problem in str(refused.value)
    assert not tenants.refresh()
    assert series_of(tenants, "a") == [1]
    path.write_text("overrides: {a: {max_query_series: 333}}\n")
    assert tenants.refresh()
    assert series_of(tenants, "a") == [333]


@pytest.mark.parametrize(("text", "problem"), BROKEN)
def test_no_server_starts_with_one(path: Path, text: str, problem: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        tenants_of(path)
    assert problem in str(refused.value)


def test_a_file_that_goes_missing_changes_nothing(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        tenants_of(path)
    path.write_text("overrides: {a: {max_query_series: 1}}\n")
    tenants = tenants_of(path)
    path.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        tenants.refresh()
    assert not tenants.refresh()
    assert series_of(tenants, "a") == [1]
