"""Applications that ask who their callers are, and callers."""

from __future__ import annotations

import base64
from pathlib import Path

from server.auth import Grant
from server.auth.keeping import create_token
from server.config import load_settings
from tests.server.application import Api

__all__ = ["GuardedApi", "basic", "bearer", "make_token"]


def bearer(token: str, tenant: str | None = None) -> dict[str, str]:
    """Headers of a request."""
    headers = {"Authorization": f"Bearer {token}"}
    return {**headers, "X-Scope-OrgID": tenant} if tenant else headers


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def make_token(folder: Path, name: str, tenants: str, rights: str = "read", selector: str = "") -> str:
    """A token for the application over this folder: one that is there already looks twice a second."""
    settings = load_settings(assignments=[f"common.path_prefix={folder}"])
    return create_token(settings, name, Grant.of(tenants.split(","), rights.split(","), selector), None)


class GuardedApi(Api):
    """Tenants and authentication are on."""

    def __init__(self, folder: Path, *assignments: str) -> None:
        given = (f"common.path_prefix={folder}", "authentication.enabled=true", "auth_enabled=true", *assignments)
        super().__init__(folder, *given)
