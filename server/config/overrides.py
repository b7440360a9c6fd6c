"""Limits of single tenants: ``overrides: {TENANT: {LIMIT: VALUE}}`` changes ``limits_config`` for that tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from server.config.kinds import Kind

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
    if isinstance(raw, str):
        raw = _from_json(raw)
    if raw is None:
        return ()
    if not isinstance(raw, dict) or not all(isinstance(limits, dict) for limits in raw.values()):
        raise ValueError(f"{raw!r} is not a mapping of tenants to limits: {_HELP}")
    return tuple(Override(tenant, limit, value) for tenant, limits in raw.items() for limit, value in limits.items())


def _from_json(text: str) -> Any:
    try:
        return orjson.loads(text) if text.strip() else None
    except ValueError:
        raise ValueError(f"{text!r} is not JSON: {_HELP}") from None


def _show(overrides: tuple[Override, ...]) -> dict[str, dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for each in overrides:
        shown.setdefault(each.tenant, {})[each.limit] = each.raw
    return shown


OVERRIDES = Kind("mapping", _read, _show)
