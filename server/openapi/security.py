"""What the document says of who may ask: the two ways to say who one is, and what each operation needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from server.auth import Need

__all__ = ["SCHEMES", "needed", "security"]

SCHEMES: Mapping[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "skald_...",
        "description": "`logctl token` makes one.",
    },
    "user": {"type": "http", "scheme": "basic", "description": "`logctl user` sets a password."},
}
_TOLD = {
    Need.READ: "Needs the right to read.",
    Need.WRITE: "Needs the right to write.",
    Need.DELETE: "Needs the right to delete.",
    Need.ADMIN: "Needs the right to admin.",
    Need.SERVER: "Needs the right to admin, for all tenants.",
    Need.METRICS: "Needs the right to read, for all tenants, unless it is open by a setting.",
    Need.PROBE: "Open, unless a setting closes it.",
    Need.ANY: "Open to whoever is known.",
    Need.OPEN: "",
}


@cache
def _needs() -> Mapping[tuple[str, str], Need]:
    # Not at the top: the routes know the document, which is one of them.
    from server.routes import ROUTES

    return {(route.path, method): route.need for route in ROUTES for method in route.methods}


def security(path: str, method: str) -> list[dict[str, list[str]]]:
    """Either scheme where authentication is on; with nothing as well, where it may be open."""
    need = _needs()[path, method]
    ways: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
    if need is Need.OPEN:
        return []
    return [*ways, {}] if need in (Need.PROBE, Need.METRICS) else ways


def needed(path: str, method: str) -> str:
    """In words; empty where nothing is."""
    return _TOLD[_needs()[path, method]]
