"""Limits of single tenants: ``overrides: {TENANT: {LIMIT: VALUE}}`` changes ``limits_config`` for that tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.config.kinds import Kind, from_json

__all__ = ["LIMITS", "OVERRIDES", "Override"]

LIMITS = "limits_config"
_HELP = "write it like {some-tenant: {retention_period: 30d}}"


@dataclass(frozen=True, slots=True)
class Override:
    """``raw`` as it was written; which limit it is and whether it is one is for ``load`` to say."""

    tenant: str
    limit: str
    raw: Any


def _read(raw: Any) -> tuple[Override, ...]:
    """A YAML mapping, or the same as JSON in one text."""
    raw = from_json(raw, None, _HELP)
    if raw is None:
        return ()
    if not isinstance(raw, dict) or not all(isinstance(limits, dict) for limits in raw.values()):
        raise ValueError(f"{raw!r} is not a mapping of tenants to limits: {_HELP}")
    return tuple(Override(tenant, limit, value) for tenant, limits in raw.items() for limit, value in limits.items())


def _show(overrides: tuple[Override, ...]) -> dict[str, dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for each in overrides:
        shown.setdefault(each.tenant, {})[each.limit] = each.raw
    return shown


OVERRIDES = Kind("mapping", _read, _show)
