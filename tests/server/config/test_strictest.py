"""Limits of several tenants together."""

from __future__ import annotations

import pytest

from logql.limits import QueryLimits
from server.config.strictest import strictest


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("max_query_series", [500, 20], 20),
        ("max_query_length_s", [0, 60], 60),
        ("max_query_length_s", [0, 0], 0),
        ("query_timeout_s", [60.0, 0.0, 5.0], 5.0),
        ("volume_enabled", [True, False], False),
        ("required_labels", [("app",), ("env", "app")], ("app", "env")),
    ],
)
def test_the_strictest_of_each(name: str, values: list[object], expected: object) -> None:
    limits = [QueryLimits(**{name: value}) for value in values]  # type: ignore[arg-type]
    assert getattr(strictest(limits), name) == expected


def test_one_tenant_keeps_its_own() -> None:
    assert strictest([QueryLimits()]) == QueryLimits()
